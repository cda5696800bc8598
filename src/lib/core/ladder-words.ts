/** Words for the ladder: why a file is taken, and why another is not. */
import { capabilityWord } from '#core/capability-words';
import { engineName } from '#core/engine-words';
import { missingWords } from '#core/fit-words';
import { formatBytes, formatCount } from '#core/format';
import type { Obstacle, Step } from '#core/ladder-step';
import * as m from '#core/messages/catalogue';
import type { Lack } from '#core/mlc/needs';
import type { DeviceLimits } from '#core/paddock-api';

type Device = Pick<DeviceLimits, 'adapter'>;

/** `Runs on your graphics adapter (Apple M2) with WebLLM.` */
export function runText({ engine, backend }: Step, chosen: boolean, device: Device): string {
  const { named, name } = adapterOf(device);
  const where = backend !== 'webgpu' ? 'cpu' : named === 'yes' ? 'named' : 'unnamed';
  if (engine === 'paddock') {
    return (chosen ? m.catalogue_runs_own : m.catalogue_can_run_own)({ where, name });
  }
  const said = { where, name, engine: engineName({ engine }) };
  return (chosen ? m.catalogue_runs : m.catalogue_can_run)(said);
}

/** `Your graphics adapter (Apple M2) lacks 16-bit floats (shader-f16).` */
export function obstacleText(step: Step, obstacle: Obstacle, device: Device): string {
  return m.catalogue_obstacle({ obstacle: obstacleClause(step, obstacle, device) });
}

/** Without its stop. */
function obstacleClause(step: Step, obstacle: Obstacle, device: Device): string {
  const file = kindOf(step);
  switch (obstacle.kind) {
    case 'lack':
      return lackClause(obstacle.lack, device);
    case 'fit':
      return m.catalogue_needs_more({ file, ...missingWords(step.fit?.missing) });
    case 'slow':
      return (device.adapter?.slow ? m.catalogue_slow : m.catalogue_software)(adapterOf(device));
    case 'tight':
      return m.catalogue_tight({ file });
    case 'capability': {
      const capability = capabilityWord(obstacle.capability);
      return m.catalogue_lacks_capability({ file, capability });
    }
  }
}

/** Why `chosen` is taken: what stands in the way of those before it, and what that leads to. */
export function whySentence(steps: readonly Step[], chosen: Step, device: Device): string {
  const before = steps.slice(0, steps.indexOf(chosen));
  const text =
    before.length === 0
      ? runText(chosen, true, device)
      : m.catalogue_so({ obstacle: tellingClause(before, device), result: resultClause(chosen) });
  return chosen.note ? `${text} ${chosen.note}` : text;
}

/** Why none is taken. */
export function noneSentence(steps: readonly Step[], device: Device): string {
  const last = steps.at(-1)!;
  if (last.file.format === 'gguf') return obstacleText(last, last.obstacle!, device);
  return m.catalogue_no_cpu_file({ obstacle: tellingClause(steps, device) });
}

/** The obstacle of the first that lacks no 16-bit floats: having them would not help where that one fails too. */
function tellingClause(steps: readonly Step[], device: Device): string {
  const step = steps.find(({ obstacle }) => !lacksF16(obstacle)) ?? steps[0]!;
  return obstacleClause(step, step.obstacle!, device);
}

/** What follows “so”, with that language's order of words. */
function resultClause({ engine, backend, file }: Step): string {
  const cpu = backend === 'wasm';
  if (engine === 'webllm') return m.catalogue_so_webllm(file);
  if (engine === 'paddock') return cpu ? m.catalogue_so_own_cpu() : m.catalogue_so_own_gpu();
  return (cpu ? m.catalogue_so_cpu : m.catalogue_so_gpu)({ engine: engineName({ engine }) });
}

function lackClause({ missing, needed, given }: Lack, device: Device): string {
  if (missing === 'adapter') return m.catalogue_no_adapter();
  if (missing === 'shader-f16') return m.catalogue_lacks_f16(adapterOf(device));
  const amount = (value = 0) => (/Stage$/.test(missing) ? formatCount(value) : formatBytes(value));
  return m.catalogue_lacks_limit({
    ...adapterOf(device),
    limit: missing,
    given: amount(given),
    needed: amount(needed),
  });
}

function lacksF16(obstacle: Obstacle | null): boolean {
  return obstacle?.kind === 'lack' && obstacle.lack.missing === 'shader-f16';
}

function kindOf({ file }: Step): string {
  return file.format === 'mlc' ? `MLC ${file.quantization}` : 'GGUF';
}

/** What a message that names the adapter, where it has a name, is given. */
function adapterOf({ adapter }: Device): { named: 'yes' | 'no'; name: string } {
  return { named: adapter?.name ? 'yes' : 'no', name: adapter?.name ?? '' };
}
