/** Runs in the page: times each kernel in turns, all in one place, so that drift falls on all. */

export interface Plan {
  /** Bytes of the modules, base64. */
  modules: Record<string, string>;
  types: { name: string; type: number; columns: number; bytes: number; form: number }[];
  shapes: { rows: number; columns: number }[];
  rounds: number;
  /** Milliseconds that one sample takes about; the page's clock has steps of 0.1. */
  sample: number;
  fields: Record<string, number>;
}

/** Samples by `module type rows x columns tokens`: bytes of weights a second, times tokens. */
export type Samples = Record<string, number[]>;

interface Kernels {
  matmul(
    m: number,
    a: number,
    tokens: number,
    from: number,
    to: number,
    out: number,
    n: number,
  ): void;
  quantize(act: number, x: number, from: number, to: number): void;
  readSum(p: number, bytes: number): number;
}

export async function measure(plan: Plan): Promise<Samples> {
  const { fields } = plan;
  const field = (name: string) => fields[name]!;
  const pages = 1024;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const view = new DataView(memory.buffer);
  // Scales of 0.009 and quants alike: the time does not depend on them.
  new Uint8Array(memory.buffer).fill(0x21);
  const kernels: Record<string, Kernels> = {};
  for (const [name, base64] of Object.entries(plan.modules)) {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    kernels[name] = instance.exports as unknown as Kernels;
  }
  const [matrix, act, x, out, forms, weights] = [1024, 2048, 65_536, 1 << 20, 2 << 20, 8 << 20];
  const most = 4 * Math.max(...plan.shapes.map(({ columns }) => columns));
  new Float32Array(memory.buffer, x, most).forEach((_, i, all) => (all[i] = Math.sin(i)));
  ['ACT_I8', 'ACT_I16', 'ACT_FINE', 'ACT_SCALE', 'ACT_SUM', 'ACT_FINE_SCALE', 'ACT_F32'].forEach(
    (name, i) => view.setUint32(act + field(name), forms + i * (1 << 18), true),
  );

  const jobs: { key: string; bytes: number; run(): void }[] = [];
  const space = memory.buffer.byteLength - weights;
  jobs.push({
    key: 'read',
    bytes: space & ~63,
    run: () => void kernels.read!.readSum(weights, space & ~63),
  });
  for (const { rows, columns } of plan.shapes)
    for (const set of ['relaxed', 'plain'])
      for (const { name, type, columns: blockColumns, bytes: blockBytes, form } of plan.types)
        for (const tokens of [1, 4]) {
          const rowBytes = (columns / blockColumns) * blockBytes;
          const groups = rows / 8;
          // As a model's layers do, one matrix comes after the other: not always the same from a near cache.
          const copies = Math.max(1, Math.min(30, Math.floor(space / (rows * rowBytes))));
          const run = () => {
            const values = { TYPE: type, ROWS: rows, COLUMNS: columns, GROUP_BYTES: rowBytes * 8 };
            for (const [at, value] of Object.entries(values))
              view.setUint32(matrix + field(`MATRIX_${at}`), value, true);
            view.setInt32(act + field('ACT_COLUMNS'), columns, true);
            view.setInt32(act + field('ACT_FORMS'), form, true);
            kernels[set]!.quantize(act, x, 0, tokens);
            for (let copy = 0; copy < copies; copy++) {
              view.setUint32(matrix + field('MATRIX_DATA'), weights + copy * rows * rowBytes, true);
              kernels[set]!.matmul(matrix, act, tokens, 0, groups, out, rows);
            }
          };
          const key = `${set} ${name} ${rows}x${columns} ${tokens}`;
          jobs.push({ key, bytes: copies * rows * rowBytes * tokens, run });
        }

  const samples: Samples = {};
  const repeats = new Map<string, number>();
  for (let round = -2; round < plan.rounds; round++)
    for (const { key, bytes, run } of jobs) {
      const count = repeats.get(key) ?? 1;
      const start = performance.now();
      for (let i = 0; i < count; i++) run();
      const time = performance.now() - start;
      repeats.set(key, Math.max(1, Math.round((count * plan.sample) / Math.max(time, 0.1))));
      // Two rounds of warm-up: the optimizing compiler, and how often to repeat.
      if (round >= 0) (samples[key] ??= []).push((count * bytes * 1000) / time);
    }
  return samples;
}
