import type { Decode } from './against-bare';
import type { Latency } from './house-latency';

export interface Overhead {
  browser: string;
  latency: Latency;
  decode: Decode;
}

/** The result as a person reads it, aims beside the figures. */
export function format({ browser, latency, decode }: Overhead): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const { request, token } = latency;
  const { ratio, low, high } = decode.ratio;
  return [
    browser,
    `added to a request  p50 ${ms(request.p50)}  p95 ${ms(request.p95)}  (aim: at most 5 ms)`,
    `added to a token    p50 ${ms(token.p50)}  p95 ${ms(token.p95)}  (aim: at most 1 ms)`,
    `decode, one thread  Paddock ${decode.paddock.toFixed(2)} tokens/s, the bare engine ${decode.bare.toFixed(2)}`,
    `ratio               ${ratio.toFixed(3)} (95 %: ${low.toFixed(3)} to ${high.toFixed(3)}, ${decode.pairs} pairs; aim: at least 0.97)`,
  ].join('\n');
}
