/** Penalties for tokens that the text has already; the same as `sampler/penalties.ts`. */
import { declare, type Kernel } from '../kernel';
import { RANK } from './rank';
import { MOST_RECENT, RECENT } from './recent';
import { SAMPLING } from './sampling';

const LANES = 64;

/** One lane a token of the window. */
export const PENALIZE_WORKGROUPS = MOST_RECENT / LANES;

/** Changes `logits` [vocabulary] at the tokens of the text's last `sampling.window`. */
export function penalize(vocabulary: number): Kernel {
  const bindings = [
    { name: 'recent', access: 'read' },
    { name: 'sampling', access: 'uniform' },
    { name: 'logits', access: 'write' },
  ] as const;
  return {
    label: 'penalize',
    bindings,
    code: `
${RECENT}
${SAMPLING}
${declare(bindings, { recent: 'Recent', sampling: 'Sampling', logits: 'array<u32>' })}
${RANK}
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let window = min(sampling.window, min(recent.length, ${MOST_RECENT}u));
  if (id.x >= window) { return; }
  let begin = recent.length - window;
  let token = recent.tokens[(begin + id.x) % ${MOST_RECENT}u];
  if (token >= ${vocabulary}u || rank(logits[token]) == 0u) { return; }
  var times = 0u;
  for (var at = 0u; at < window; at++) {
    if (recent.tokens[(begin + at) % ${MOST_RECENT}u] != token) { continue; }
    // Its first place in the window speaks for all.
    if (at < id.x) { return; }
    times++;
  }
  let logit = bitcast<f32>(logits[token]);
  let repeated = select(logit * sampling.repeat, logit / sampling.repeat, logit > 0.0);
  logits[token] = bitcast<u32>(repeated - sampling.presence - sampling.frequency * f32(times));
}`,
  };
}
