/** Lanes that share rows: a team of `lanes` consecutive ones, a power of two, sums up what each has. */
import type { KernelFeatures } from '../kernel';

export interface TeamSums {
  /** Declarations in workgroup memory, none where shuffles do. */
  memory: string;
  /** Bytes of it. */
  bytes: number;
  /** Statements, in uniform control flow: every lane then has its team's sums in `names`. */
  code: string;
}

/** By shuffles as far as the smallest subgroup reaches, the rest through workgroup memory. */
export function teamSums(
  names: readonly string[],
  lanes: number,
  workgroup: number,
  features: KernelFeatures,
): TeamSums {
  const shuffled = Math.min(lanes, Math.max(1, features.subgroup));
  const lines: string[] = [];
  for (let apart = 1; apart < shuffled; apart *= 2) {
    for (const name of names) lines.push(`${name} += subgroupShuffleXor(${name}, ${apart}u);`);
  }
  if (shuffled === lanes) return { memory: '', bytes: 0, code: lines.join('\n  ') };
  names.forEach((name, n) => lines.push(`teams[${n * workgroup}u + local] = ${name};`));
  lines.push('workgroupBarrier();');
  names.forEach((name) => lines.push(`${name} = 0.0;`));
  lines.push(
    `for (var other = local - lane; other < local - lane + ${lanes}u; other += ${shuffled}u) {`,
  );
  names.forEach((name, n) => lines.push(`  ${name} += teams[${n * workgroup}u + other];`));
  lines.push('}');
  const count = names.length * workgroup;
  return {
    memory: `var<workgroup> teams: array<f32, ${count}>;`,
    bytes: count * 4,
    code: lines.join('\n  '),
  };
}
