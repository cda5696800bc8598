// The rows of the embedding for the run's tokens.
import { CTL_TOKENS, MODEL_HIDDEN, MODEL_STREAM, MODEL_TOKENS, OP_MATRIX } from '../../program-layout';
import { claim } from '../claim';
import { unpackRow } from '../unpack';

export function embed(ctl: usize, model: usize, op: usize, thread: i32): void {
  const tokens = load<i32>(ctl + CTL_TOKENS), hidden = load<i32>(model + MODEL_HIDDEN);
  for (let t = claim(ctl, thread, tokens, 1); t < tokens; t = claim(ctl, thread, tokens, 1)) {
    const token = load<i32>(<usize>load<u32>(model + MODEL_TOKENS) + <usize>t * 4);
    unpackRow(<usize>load<u32>(op + OP_MATRIX), token, <usize>load<u32>(model + MODEL_STREAM) + <usize>(t * hidden) * 4);
  }
}
