/** What web-llm throws, as errors of ours: by their names, and by what the load was doing. */
import { PaddockError, type ErrorCode } from '#core/errors';

/** Where a load is; `connect`: the library is given the device; `assemble`: the weights are there, and it takes them. */
export type LoadStep =
  | 'start'
  | 'library'
  | 'device'
  | 'connect'
  | 'tokenizer'
  | 'weights'
  | 'assemble'
  | 'run';

const BY_NAME: Record<string, ErrorCode> = {
  DeviceLostError: 'device_lost',
  UnsupportedTokenizerFilesError: 'model_unreadable',
  GrammarMatcherInitError: 'bad_request',
  ContextWindowSizeExceededError: 'context_exceeded',
};

/** What an adapter lacks, by the error that says so. */
const LACKING: Record<string, string> = {
  ShaderF16SupportError: 'shader-f16',
  WebGPUNotAvailableError: 'adapter',
  WebGPUNotFoundError: 'adapter',
  FeatureSupportError: 'feature',
};

/** Errors without a name of their own. */
const BY_STEP: Partial<Record<LoadStep, ErrorCode>> = {
  library: 'bad_library',
  connect: 'bad_library',
  tokenizer: 'model_unreadable',
  assemble: 'bad_library',
};

/**
 * What browsers say of an `ArrayBuffer` or a `WebAssembly.Memory` that they do not give. Their other RangeErrors are
 * about a length, a place or a depth that is wrong.
 */
const ALLOCATION = /allocat|out of memory|unable to grow|failed to grow/i;

/** @param needed web-llm's name for the libraries that it can use */
export function explainError(error: unknown, step: LoadStep, needed: string): PaddockError {
  if (error instanceof PaddockError) return error;
  const name = error instanceof Error ? error.name : '';
  const message = error instanceof Error ? error.message : String(error);
  const missing = LACKING[name];
  if (missing) return new PaddockError('no_gpu', message, { missing });
  if (error instanceof RangeError && ALLOCATION.test(message)) {
    return new PaddockError('out_of_memory', message);
  }
  // web-llm has a class of the same name for settings out of their range, which is no browser's.
  const other: ErrorCode = error instanceof RangeError ? 'internal' : 'engine_failed';
  const code = BY_NAME[name] ?? BY_STEP[step] ?? other;
  if (code !== 'bad_library') return new PaddockError(code, message);
  const why = `web-llm cannot use the library for these weights: ${message}`;
  return new PaddockError('bad_library', why, { needed });
}
