import { describe, expect, it } from 'vitest';
import {
  backendText,
  droppedSentence,
  engineName,
  noWebGpuSentence,
  refusedSentence,
} from '#core/engine-words';
import { ERROR_CODES, isErrorCode } from '#core/error-codes';
import type { ErrorCode, ErrorDetail } from '#core/errors';
import { explain, explainInLine } from '#core/sentences';

describe('every code', () => {
  it.each(ERROR_CODES)('%s has a sentence and a remedy, with or without figures', (code) => {
    for (const message of ['', 'the reason.', '  \n']) {
      const { sentence, remedy } = explain({ code, message });
      for (const text of [sentence, remedy]) {
        expect(text).toMatch(/^[A-Z“].*\.$/s);
        expect(text).not.toMatch(/undefined|NaN|null|!|oops|\.\.|:\s*\./i);
      }
      expect(sentence).not.toBe(remedy);
    }
  });

  it('is known by name', () => {
    expect(isErrorCode('context_exceeded')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
    expect(isErrorCode(undefined)).toBe(false);
  });
});

describe('figures', () => {
  it('gives the exact counts of a prompt that is too long', () => {
    const detail = { promptTokens: 5120, contextLength: 4096 };
    expect(explainInLine({ code: 'context_exceeded', message: '', detail })).toBe(
      'This prompt is 5,120 tokens and the context holds 4,096. Shorten it or start a new chat.',
    );
  });

  it('sends to the tab that has a file open', () => {
    const error = { code: 'storage_failed', message: 'It is in use elsewhere.' } as const;
    expect(explain(error).remedy).toMatch(/^Try again\./);
    expect(explain({ ...error, detail: { busy: true } }).remedy).toMatch(/^Close the other tabs/);
  });

  it('names needed and free bytes', () => {
    const detail = { needed: 98_362_432, free: 1_400_000 };
    expect(explain({ code: 'storage_full', message: '', detail }).sentence).toBe(
      'This needs 98 MB of storage and 1.4 MB are free.',
    );
  });

  it('names what is free where nobody knows what is needed', () => {
    const sentence = (free: number) => {
      const detail = { free, quota: 1_200_000_000 };
      return explain({ code: 'storage_full', message: '', detail }).sentence;
    };
    expect(sentence(12_000)).toBe("This site's storage is full: 12 kB of 1.2 GB are free.");
    expect(sentence(800_000_000)).toBe(
      'The disk is full: the browser would give this site 800 MB more.',
    );
  });

  it('names the host, and not the path, of what could not be reached', () => {
    const detail = { url: 'https://models.example/v2/library/x/blobs/sha256-aa' };
    const { sentence } = explain({ code: 'network', message: '', detail });
    expect(sentence).toContain('models.example');
    expect(sentence).not.toContain('sha256');
  });

  it('leaves out figures of the wrong type', () => {
    const detail = { promptTokens: 'many', contextLength: 4096 };
    expect(explain({ code: 'context_exceeded', message: '', detail }).sentence).toBe(
      'This prompt is longer than the context holds.',
    );
  });

  it('names what the browser lacks', () => {
    const detail = { lacking: 'OPFS' };
    expect(explain({ code: 'storage_missing', message: '', detail }).sentence).toBe(
      'This browser has no OPFS.',
    );
  });
});

describe('a model that is lost', () => {
  const remedy = (code: ErrorCode, detail: ErrorDetail) =>
    explain({ code, message: '', detail }).remedy;

  it.each(['device_lost', 'runner_died', 'out_of_memory'] as const)(
    '%s: what helps after the second time',
    (code) => {
      expect(remedy(code, { times: 2, offer: 'cpu' })).toBe(
        'It happened again. On the CPU the model is slower, and goes on.',
      );
      expect(remedy(code, { times: 2, offer: 'twin', twin: 'llama3.2:1b' })).toBe(
        'It happened again. Choose “llama3.2:1b”, which runs on the CPU too.',
      );
      expect(remedy(code, { times: 2, offer: 'twin' })).toBe(
        'It happened again. Choose a GGUF model, which runs on the CPU too.',
      );
      expect(remedy(code, { times: 2 })).toBe(remedy(code, {}));
    },
  );

  it('says what context comes next, and nobody has to ask for it', () => {
    expect(remedy('out_of_memory', { next_context: 2048 })).toBe(
      'Try again: it loads with a context of 2,048 tokens.',
    );
  });
});

it('what an adapter has no memory for is told by the arithmetic', () => {
  const detail = { needed: 5.5e9, weights: 5e9, cache: 4e8, backend: 'webgpu' };
  expect(explain({ code: 'out_of_memory', message: '', detail }).sentence).toBe(
    'This model needs 5 GB for its weights and 400 MB for its context, more than the graphics adapter gives.',
  );
});

it('an adapter that computes wrong is no missing one', () => {
  const detail = { missing: 'adapter', wrong: true };
  expect(explain({ code: 'no_gpu', message: '', detail })).toEqual({
    sentence: 'This device’s graphics adapter computes this model wrong.',
    remedy: 'Run it on the CPU. A newer graphics driver or browser may mend this.',
  });
});

describe('what really runs a model', () => {
  it('names the adapter, or the threads', () => {
    const gpu = { engine: 'x', backend: 'webgpu', adapter: 'NVIDIA H100', threads: 1 } as const;
    expect(backendText(gpu)).toBe('WebGPU, NVIDIA H100');
    expect(noWebGpuSentence(gpu)).toBeNull();
    expect(backendText({ engine: 'x', backend: 'wasm', threads: 2 })).toBe('CPU, 2 threads');
    expect(backendText({ engine: 'x', backend: 'wasm', threads: 1 })).toBe('CPU, 1 thread');
  });

  it('says why it is not the graphics adapter', () => {
    const cpu = { engine: 'x', backend: 'wasm', noWebGpu: 'no_adapter', threads: 2 } as const;
    expect(noWebGpuSentence(cpu)).toMatch(/no graphics adapter/);
  });

  it('calls the engines what people call them', () => {
    expect(engineName({ engine: 'paddock' })).toBe('Paddock');
    expect(engineName({ engine: 'wllama' })).toBe('llama.cpp (wllama)');
    expect(engineName({ engine: 'constructor' })).toBe('constructor');
  });

  it('says why it is not the engine that was tried first', () => {
    const reason = 'Paddock\'s own engine cannot run this model: its architecture is "gemma3".';
    const refused = { engine: 'paddock', reason };
    expect(refusedSentence('gemma3:270m', { engine: 'wllama', refused })).toBe(
      `llama.cpp runs gemma3:270m: ${reason}`,
    );
    expect(refusedSentence('gemma3:270m', { engine: 'wllama' })).toBeNull();
  });

  it('says why it is not the same engine on the graphics adapter', () => {
    const refused = { engine: 'paddock', reason: 'The adapter computes wrong.' };
    expect(refusedSentence('smollm2:135m', { engine: 'paddock', refused })).toBe(
      'Paddock runs smollm2:135m on the CPU: The adapter computes wrong.',
    );
  });

  it('says why a model with a projector reads text alone, whoever runs it', () => {
    const reason = "llama.cpp cannot use the model's projector: it is odd.";
    for (const engine of ['paddock', 'wllama']) {
      const refused = { engine: 'wllama', reason };
      expect(refusedSentence('sees:1', { engine, refused })).toBe(
        `sees:1 reads text alone: ${reason}`,
      );
    }
  });

  it('says that the graphics adapter refused shaders', () => {
    expect(droppedSentence({})).toBeNull();
    expect(droppedSentence({ dropped: ['attend f16'] })).toBe(
      'The graphics adapter refused 1 shader; another took its place.',
    );
    expect(droppedSentence({ dropped: ['attend f16', 'matvec Q4_0'] })).toBe(
      'The graphics adapter refused 2 shaders; others took their place.',
    );
  });
});
