/** A helper thread of one model: packs slices during the load, then runs its share of every op. */
import { toWire } from '#core/errors';
import { instantiate, type KernelExports } from '../kernels/instantiate';
import { CTL_FAULT, CTL_PART, CTL_PHASE } from '../kernels/program-layout';
import { claimSlice, packSlice } from '../load/pack-slices';
import { joinReaders, openReaders } from '../load/files';
import type { FromHelper, HelperPart, StartHelper } from './messages';

type Part = HelperPart & { kernels: KernelExports };

const post = (message: FromHelper) => self.postMessage(message);

self.addEventListener('message', (event: MessageEvent<StartHelper>) => void live(event.data));

async function live(start: StartHelper): Promise<void> {
  post({ type: 'begun' });
  try {
    const parts = await Promise.all(
      start.parts.map(async (part) => ({
        ...part,
        kernels: await instantiate(start.module, part.memory),
      })),
    );
    await pack(start, parts);
    post({ type: 'packed' });
    work(parts, start.thread);
  } catch (error) {
    for (const part of start.parts) giveUp(part);
    post({ type: 'failed', error: toWire(error, 'engine_failed') });
  }
}

async function pack({ files, slices }: StartHelper, parts: Part[]): Promise<void> {
  const { memory, control } = parts[0]!;
  const reader = joinReaders(await openReaders(files));
  for (;;) {
    const slice = claimSlice(slices, memory, control);
    if (!slice) break;
    packSlice(parts[slice.part]!, slice, reader);
  }
  reader.close();
}

/** Never gives the event loop a turn again: the worker ends by being terminated. */
function work(parts: Part[], thread: number): void {
  const [{ kernels, memory, control }] = parts as [Part];
  const words = new Int32Array(memory.buffer);
  for (let job = 0; ;) {
    job = kernels.next(control, thread, job);
    const part = parts[words[(control + CTL_PART) / 4]!]!;
    if (!part.kernels.work(part.control, part.own, thread)) return;
  }
}

/** Whoever waits for this thread learns of it at once. */
function giveUp({ memory, control }: HelperPart): void {
  const words = new Int32Array(memory.buffer);
  Atomics.store(words, (control + CTL_FAULT) / 4, 1);
  Atomics.notify(words, (control + CTL_PHASE) / 4);
}
