/** What of a request's options reaches the load, and what the engine's generation. */
import { describe, expect, it } from 'vitest';
import { resolveOptions } from '../../workers/host/server/options';

describe('options', () => {
  it('pass num_keep on to the generation', () => {
    expect(resolveOptions({}, { num_keep: 24 }).sampling.num_keep).toBe(24);
    expect(resolveOptions({ num_keep: -1 }, {}).sampling.num_keep).toBe(-1);
    expect(resolveOptions({}, {}).sampling).not.toHaveProperty('num_keep');
  });

  it("take the cache's kind for the load, the request's over the model's", () => {
    const { load, sampling } = resolveOptions({ kv_cache_type: 'q8_0' }, {});
    expect(load.kv_cache_type).toBe('q8_0');
    expect(sampling).not.toHaveProperty('kv_cache_type');
    const asked = resolveOptions({ kv_cache_type: 'q8_0' }, { kv_cache_type: 'f16' });
    expect(asked.load.kv_cache_type).toBe('f16');
    expect(resolveOptions({}, {}).load.kv_cache_type).toBeUndefined();
  });

  it.each(['q4_0', 'F16', 8, true, ['f16']])('refuse %j as a kind of cache', (kv_cache_type) => {
    expect(() => resolveOptions({}, { kv_cache_type })).toThrow(
      'option "kv_cache_type" must be "f16" or "q8_0"',
    );
  });
});
