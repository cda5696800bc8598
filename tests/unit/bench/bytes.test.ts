/** Bytes a token and the ceiling, by sums that can be done on paper. */
import { describe, expect, it } from 'vitest';
import { ggufBytesPerToken, mlcBytesPerToken } from '#core/bench/bytes-per-token';
import { cacheBytes, ceilingOf, shareOfCeiling } from '#core/bench/ceiling';
import { GgufHeader, readGgufHeader } from '#core/gguf';
import { starterBytes } from '../../../scripts/fixtures/starter-bytes';
import { candidateResult, PP512, TG128 } from '../../fixtures/bench/results';
import { tinyMlc } from '../../fixtures/tiny-mlc';

type Tensor = [name: string, size: number, rows?: number];

function header(tensors: Tensor[], counts: Record<string, number> = {}) {
  const metadata = new Map<string, string | number>([['general.architecture', 'x']]);
  for (const [key, value] of Object.entries(counts)) metadata.set(`x.${key}`, value);
  const list = tensors.map(([name, size, rows = 1]) => ({
    ...{ name, size, type: 'Q4_0', count: size, offset: 0 },
    dims: [64, rows],
  }));
  return new GgufHeader(3, metadata, list, 0);
}

describe('a GGUF file', () => {
  it('reads all that it has where the embedding is the output too', () => {
    expect(
      ggufBytesPerToken(
        header([
          ['token_embd.weight', 5000, 100],
          ['blk.0.ffn_up.weight', 300],
          ['output_norm.weight', 7],
        ]),
      ),
    ).toBe(5307);
  });

  it('reads one row of an embedding beside an output of its own, and of places', () => {
    expect(
      ggufBytesPerToken(
        header([
          ['token_embd.weight', 5000, 100], // a row is 50
          ['position_embd.weight', 900, 9], // and 100 here
          ['output.weight', 6000, 100],
          ['blk.0.ffn_up.weight', 300],
        ]),
      ),
    ).toBe(50 + 100 + 6000 + 300);
  });

  it('reads the experts that a token takes, and the shared ones', () => {
    const tensors: Tensor[] = [
      ['token_embd.weight', 1000, 10],
      ['blk.0.ffn_up_exps.weight', 8000],
      ['blk.0.ffn_up_shexp.weight', 200],
      ['blk.0.ffn_gate_inp.weight', 30],
    ];
    const experts = { expert_count: 64, expert_used_count: 8 }; // an eighth: 1,000
    expect(ggufBytesPerToken(header(tensors, experts))).toBe(1000 + 1000 + 200 + 30);
    expect(ggufBytesPerToken(header(tensors))).toBe(1000 + 8000 + 200 + 30);
  });

  it('reads nothing of a part that sees', () => {
    expect(
      ggufBytesPerToken(
        header([
          ['v.blk.0.attn_q.weight', 900],
          ['blk.0.a.weight', 5],
        ]),
      ),
    ).toBe(5);
  });

  it('the starter: one matrix for both ends, so all of its tensors', async () => {
    const bytes = await starterBytes();
    const starter = await readGgufHeader(
      (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
      bytes.length,
    );
    const all = starter.tensors.reduce((sum, { size }) => sum + size, 0);
    expect(starter.tensors.some(({ name }) => name === 'output.weight')).toBe(false);
    expect(ggufBytesPerToken(starter)).toBe(all);
    expect(all).toBeLessThan(98_362_432); // the file, with its header
  });
});

describe('an MLC model', () => {
  const list = (...records: object[]) => JSON.stringify({ records: [{ records }] });
  const part = (name: string, nbytes: number, rows = 1) => ({ name, nbytes, shape: [rows, 8] });

  it('reads one row of an embedding beside a head, else all', () => {
    const embedding = [
      part('model.embed_tokens.q_weight', 4000, 100),
      part('model.embed_tokens.q_scale', 500, 100),
    ];
    const layer = part('model.layers.0.mlp.down_proj.q_weight', 300);
    expect(mlcBytesPerToken(list(...embedding, layer))).toBe(4800);
    const head = part('lm_head.q_weight', 4000, 100);
    expect(mlcBytesPerToken(list(...embedding, layer, head))).toBe(40 + 5 + 300 + 4000);
  });

  it('reads the experts that a token takes', () => {
    const records = [
      part('model.layers.0.block_sparse_moe.e1_e3.q_weight', 8000),
      part('model.layers.0.mlp.moe_gate_up_proj.q_weight', 800),
      part('model.layers.0.mlp.gate.weight', 30),
    ];
    const figures = { num_experts_per_tok: 2, num_local_experts: 8 };
    expect(mlcBytesPerToken(list(...records), figures)).toBe(2000 + 200 + 30);
  });

  it('the tiny one: its shard, to the byte', () => {
    const text = new TextDecoder().decode(tinyMlc()['tensor-cache.json']);
    expect(mlcBytesPerToken(text)).toBe(198_912);
  });

  it.each(['', '[]', '{"records":[{"records":[{"nbytes":5}]}]}', '{"records":7}'])(
    '%j is not known',
    (text) => {
      expect(mlcBytesPerToken(text)).toBeNull();
    },
  );
});

describe('the ceiling', () => {
  const bandwidth = {
    wasm: [
      { threads: 4, read: 20e9 },
      { threads: 1, read: 8e9 },
      { threads: 2, read: 12e9 },
    ],
    gpu: { adapter: 'x', read: 100e9, copy: 80e9 },
  };

  it('of 12 GB/s at 96 MB of weights and 1.5 MB of keys and values is 123 tokens a second', () => {
    // 24 MB for 1,024 tokens; 64 of them on the average: 1.5 MB. 12e9 / 97.5e6 = 123.0769.
    const found = ceilingOf(candidateResult(), TG128, bandwidth)!;
    expect(found).toMatchObject({ memory: 'wasm', threads: 2, bandwidth: 12e9, bytes: 97_500_000 });
    expect(found.rate).toBeCloseTo(123.0769, 4);
    expect(shareOfCeiling(40, found)).toBeCloseTo(0.325, 4);
  });

  it('is lower behind a depth, and never beyond the context', () => {
    // 512 + 64 of 1,024 tokens: 13.5 MB.
    expect(ceilingOf(candidateResult(), { ...TG128, depth: 512 }, bandwidth)?.bytes).toBe(
      109_500_000,
    );
    expect(cacheBytes({ bytes: { weights: 0, cache: 1000 }, contextLength: 100 }, 400)).toBe(1000);
    expect(cacheBytes({ bytes: { weights: 0, cache: 1000 }, contextLength: 0 }, 400)).toBe(0);
  });

  it('is of the memory that the engine reads, with its threads or the next more', () => {
    const { info } = candidateResult();
    const on = (change: object) =>
      ceilingOf(candidateResult({ info: { ...info!, ...change } }), TG128, bandwidth);
    expect(on({ backend: 'webgpu' })).toMatchObject({ memory: 'gpu', bandwidth: 100e9 });
    // What two threads are given bounds no three.
    expect(on({ threads: 3 })).toMatchObject({ threads: 4, bandwidth: 20e9 });
    expect(on({ threads: 8 })).toMatchObject({ threads: 4 });
  });

  it('is what one thread read where two were given less, on a busy machine', () => {
    const wasm = [
      { threads: 1, read: 12e9 },
      { threads: 2, read: 7e9 },
      { threads: 4, read: 30e9 },
    ];
    const found = ceilingOf(candidateResult(), TG128, { wasm, gpu: null });
    expect(found).toMatchObject({ threads: 1, bandwidth: 12e9 });
  });

  it('of an adapter is the greater of what reading and copying gave, and says which', () => {
    const info = { ...candidateResult().info!, backend: 'webgpu' as const };
    const on = (read: number, copy: number) => {
      const gpu = { adapter: 'x', read, copy };
      return ceilingOf(candidateResult({ info }), TG128, { wasm: [], gpu })!;
    };
    // 30e9 / 97.5e6 = 307.6923
    expect(on(2.2e9, 30e9)).toMatchObject({ memory: 'gpu', bandwidth: 30e9, by: 'copy' });
    expect(on(2.2e9, 30e9).rate).toBeCloseTo(307.6923, 4);
    expect(on(30e9, 2.2e9)).toMatchObject({ memory: 'gpu', bandwidth: 30e9, by: 'read' });
  });

  it('is not known without bandwidth, bytes or an engine, nor of a test that reads', () => {
    expect(ceilingOf(candidateResult(), PP512, bandwidth)).toBeNull();
    expect(ceilingOf(candidateResult(), TG128, null)).toBeNull();
    expect(ceilingOf(candidateResult(), TG128, { wasm: [], gpu: null })).toBeNull();
    expect(ceilingOf(candidateResult({ bytesPerToken: null }), TG128, bandwidth)).toBeNull();
    expect(ceilingOf(candidateResult({ info: null }), TG128, bandwidth)).toBeNull();
    const gpu = { ...candidateResult().info!, backend: 'webgpu' as const };
    expect(
      ceilingOf(candidateResult({ info: gpu }), TG128, { ...bandwidth, gpu: null }),
    ).toBeNull();
  });
});
