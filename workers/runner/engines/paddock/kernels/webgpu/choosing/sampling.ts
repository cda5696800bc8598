/** The sampler's settings as the kernels read them. */
import type { SamplerSettings } from '../../../sampler/settings';

export const SAMPLING_BYTES = 32;
export const SAMPLING = `struct Sampling {
  /** Tokens that may be drawn, 1 … 64. */
  count: u32,
  /** Tokens that the penalties look back on, 0 … 1,024. */
  window: u32,
  repeat: f32,
  presence: f32,
  frequency: f32,
  /** What top_p leaves out at most, of 1; below 0: nothing. */
  rest: f32,
  /** How far below the largest logit min_p lets one be. */
  least: f32,
  temperature: f32,
}`;

const LEAST_FLOAT = -3e38;
/** Below it every logit but the largest has the weight 0; an f32 that small is not yet rounded to 0. */
const LEAST_TEMPERATURE = 1e-30;

/** `contextLength` is what a `repeat_last_n` of -1 means. At temperature 0 only the likeliest token may be drawn. */
export function writeSampling(settings: SamplerSettings, contextLength: number): ArrayBuffer {
  const { temperature, topP, minP } = settings;
  const drawn = temperature > 0;
  const view = new DataView(new ArrayBuffer(SAMPLING_BYTES));
  view.setUint32(0, drawn ? settings.topK : 1, true);
  view.setUint32(4, windowOf(settings, contextLength), true);
  const floats = [
    settings.repeatPenalty,
    settings.presencePenalty,
    settings.frequencyPenalty,
    topP >= 1 ? -1 : 1 - topP,
    minP > 0 ? Math.log(Math.min(minP, 1)) : LEAST_FLOAT,
    drawn ? Math.max(temperature, LEAST_TEMPERATURE) : 1,
  ];
  floats.forEach((value, at) => view.setFloat32(8 + 4 * at, value, true));
  return view.buffer;
}

/** Tokens that the penalties look back on. */
export function windowOf({ repeatLastN }: SamplerSettings, contextLength: number): number {
  return repeatLastN < 0 ? contextLength : repeatLastN;
}
