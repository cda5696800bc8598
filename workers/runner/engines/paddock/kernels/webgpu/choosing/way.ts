/** How a token is chosen on the adapter: which kernels, one after the other. */
import type { SamplerSettings } from '../../../sampler/settings';
import type { Kernel } from '../kernel';
import { candidates, candidateSlices } from './candidates';
import { choose } from './choose';
import { next } from './next';
import { penalize, PENALIZE_WORKGROUPS } from './penalize';
import { MOST_RECENT } from './recent';
import { windowOf } from './sampling';
import { MOST_CANDIDATES } from './top';

/** `greedy`: by `best` alone. `drawn`: from the logits. `penalized`: from the logits after the penalties. */
export type ChoosingWay = 'greedy' | 'drawn' | 'penalized';

export interface ChoosingStep {
  kernel: Kernel;
  /** In x. */
  workgroups: number;
}

/** Undefined: the adapter cannot do what `settings` ask for, and the sampler needs the logits. */
export function choosingWay(
  settings: SamplerSettings,
  contextLength: number,
): ChoosingWay | undefined {
  const { temperature, topK, typicalP, bias, logprobs, repeatPenalty } = settings;
  if (bias.size > 0 || logprobs >= 0) return undefined;
  const window = windowOf(settings, contextLength);
  const penalizes =
    window > 0 &&
    (repeatPenalty !== 1 || settings.presencePenalty !== 0 || settings.frequencyPenalty !== 0);
  const drawn = temperature > 0;
  if (!penalizes && !drawn) return 'greedy';
  if (penalizes && (window > MOST_RECENT || !(repeatPenalty > 0))) return undefined;
  if (drawn && (topK < 1 || topK > MOST_CANDIDATES || typicalP < 1)) return undefined;
  return penalizes ? 'penalized' : 'drawn';
}

/** `bestEntries`: those that the kernel of the logits writes to `best`. */
export function choosingSteps(
  way: ChoosingWay,
  { vocabulary, bestEntries }: { vocabulary: number; bestEntries: number },
): ChoosingStep[] {
  if (way === 'greedy') return [{ kernel: next(bestEntries), workgroups: 1 }];
  const drawn = [
    { kernel: candidates(vocabulary), workgroups: candidateSlices(vocabulary) },
    { kernel: choose(vocabulary), workgroups: 1 },
  ];
  if (way === 'drawn') return drawn;
  return [{ kernel: penalize(vocabulary), workgroups: PENALIZE_WORKGROUPS }, ...drawn];
}
