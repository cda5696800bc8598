/** Words for the ladder: why a file is taken, and why another is not. */
import { capabilityWord } from '#core/capability-words';
import { engineName } from '#core/engine-words';
import { formatBytes, formatCount } from '#core/format';
import type { Obstacle, Step } from '#core/ladder-step';
import type { Lack } from '#core/mlc/needs';
import type { DeviceLimits } from '#core/paddock-api';

type Device = Pick<DeviceLimits, 'adapter'>;

/** `Runs on your graphics adapter (Apple M2) with WebLLM.` */
export function runText({ engine, backend }: Step, chosen: boolean, device: Device): string {
  const where = backend === 'webgpu' ? `your graphics adapter${named(device)}` : 'the CPU';
  const how = engine === 'paddock' ? 'Paddock’s own engine' : engineName({ engine });
  return `${chosen ? 'Runs' : 'Can run'} on ${where} with ${how}.`;
}

/** A clause without its stop: `Your graphics adapter (Apple M2) lacks 16-bit floats (shader-f16)`. */
export function obstacleText(step: Step, obstacle: Obstacle, device: Device): string {
  const what = `The ${kindOf(step)} file`;
  switch (obstacle.kind) {
    case 'lack':
      return lackText(obstacle.lack, device);
    case 'fit':
      return `${what} needs ${missingText(step)} more than there is`;
    case 'slow':
      return device.adapter?.slow
        ? `The graphics adapter${named(device)} is software, and not faster than the CPU`
        : `The graphics adapter${named(device)} is software, which runs no GGUF file unasked`;
    case 'tight':
      return `${what} would take more than half of this device’s memory`;
    case 'capability':
      return `${what} has not what is asked for: ${capabilityWord(obstacle.capability)}`;
  }
}

/** Why `chosen` is taken: what stands in the way of those before it, and what that leads to. */
export function whySentence(steps: readonly Step[], chosen: Step, device: Device): string {
  const before = steps.slice(0, steps.indexOf(chosen));
  const text =
    before.length === 0
      ? runText(chosen, true, device)
      : `${tellingText(before, device)}, so ${resultText(chosen)}.`;
  return chosen.note ? `${text} ${chosen.note}` : text;
}

/** Why none is taken. */
export function noneSentence(steps: readonly Step[], device: Device): string {
  const last = steps.at(-1)!;
  if (last.file.format === 'gguf') return `${obstacleText(last, last.obstacle!, device)}.`;
  return `${tellingText(steps, device)}, and it has no file for the CPU.`;
}

/** The obstacle of the first that lacks no 16-bit floats: having them would not help where that one fails too. */
function tellingText(steps: readonly Step[], device: Device): string {
  const step = steps.find(({ obstacle }) => !lacksF16(obstacle)) ?? steps[0]!;
  return obstacleText(step, step.obstacle!, device);
}

function resultText({ engine, backend, file }: Step): string {
  if (engine === 'webllm') return `WebLLM runs the ${file.quantization} file`;
  if (engine === 'paddock' && backend === 'wasm') return 'Paddock’s CPU engine runs the GGUF file';
  const where = backend === 'webgpu' ? 'the graphics adapter' : 'the CPU';
  if (engine === 'paddock') return `Paddock’s own engine runs the GGUF file on ${where}`;
  return `${engineName({ engine })} runs the GGUF file on ${where}`;
}

function lackText({ missing, needed, given }: Lack, device: Device): string {
  if (missing === 'adapter') return 'No graphics adapter was found';
  const adapter = `Your graphics adapter${named(device)}`;
  if (missing === 'shader-f16') return `${adapter} lacks 16-bit floats (shader-f16)`;
  const amount = (value = 0) =>
    missing.endsWith('Stage') ? formatCount(value) : formatBytes(value);
  return `${adapter} has a ${missing} of ${amount(given)}, and ${amount(needed)} are needed`;
}

function missingText({ fit }: Step): string {
  const { memory, storage } = fit?.missing ?? {};
  return [
    ...(memory === undefined ? [] : [`${formatBytes(memory)} of memory`]),
    ...(storage === undefined ? [] : [`${formatBytes(storage)} of storage`]),
  ].join(' and ');
}

function lacksF16(obstacle: Obstacle | null): boolean {
  return obstacle?.kind === 'lack' && obstacle.lack.missing === 'shader-f16';
}

function kindOf({ file }: Step): string {
  return file.format === 'mlc' ? `MLC ${file.quantization}` : 'GGUF';
}

function named({ adapter }: Device): string {
  return adapter?.name ? ` (${adapter.name})` : '';
}
