/** Records of a running program, shared by TypeScript and the kernels like `layout.ts`. Offsets in bytes. */

/** The most threads of one model, the first included. */
export const MAX_THREADS = 16;

// The control block: what the threads of one model say to each other.
export const CTL_PROGRAM = 0;
export const CTL_FROM = 4;
export const CTL_TO = 8;
/** Tokens and first position of the run. */
export const CTL_TOKENS = 12;
export const CTL_POSITION = 16;
/** Threads that take part in the run. */
export const CTL_ACTIVE = 20;
export const CTL_MODEL = 24;
/** Set by a helper that trapped, and by whoever finds one silent: the run is lost. */
export const CTL_FAULT = 28;
/** Rounds that a thread looks for a change before it sleeps. */
export const CTL_SPIN = 36;
/** Claims of the loader. */
export const CTL_CLAIMS = 40;
/** The memory that the job is about, of a model that lies in several. */
export const CTL_PART = 44;
// On cache lines of their own, since all threads look at them.
export const CTL_ARRIVED = 64;
export const CTL_PHASE = 128;
export const CTL_SLEEPERS = 192;
/**
 * Per thread, 64 bytes each: the job's number, whether it sleeps, a count that grows while it lives, and the pieces
 * that were taken of its share, for even phases and for odd ones.
 */
export const CTL_THREADS = 256;
export const THREAD_JOB = 0;
export const THREAD_SLEEPS = 4;
export const THREAD_ALIVE = 8;
export const THREAD_TAKEN = 16;
/** Nobody reads it. */
export const THREAD_READ = 24;
export const THREAD_STRIDE = 64;
export const CTL_BYTES = CTL_THREADS + MAX_THREADS * THREAD_STRIDE;

// The model's record: what all ops share.
export const MODEL_HIDDEN = 0;
export const MODEL_HEADS = 4;
export const MODEL_KV_HEADS = 8;
export const MODEL_HEAD_SIZE = 12;
/** Pairs of a head that rope turns. */
export const MODEL_PAIRS = 16;
/** Positions that the cache holds. */
export const MODEL_CAPACITY = 20;
/** CACHE_16 or CACHE_8. */
export const MODEL_CACHE_KIND = 24;
/** f32. */
export const MODEL_EPSILON = 28;
/** f32: 1 / sqrt(head size). */
export const MODEL_QUERY_SCALE = 32;
/** f32 [tokens][pairs], of the run's positions. */
export const MODEL_COS = 36;
export const MODEL_SIN = 40;
/** i32 [tokens]. */
export const MODEL_TOKENS = 44;
/** f32 [tokens][hidden]: the residual stream. */
export const MODEL_STREAM = 48;
/** f32 [tokens][heads][head size], turned and scaled. */
export const MODEL_QUERIES = 52;
/** f32 [tokens][heads][head size]: what attention gives, in prefill. */
export const MODEL_ATTENDED = 56;
/** What attention gives, a span of positions at a time, in decode. */
export const MODEL_PARTIALS = 60;
/** f32 [tokens][feed forward]. */
export const MODEL_GATED = 64;
/** Bytes of one key-value head's span in MODEL_PARTIALS. */
export const MODEL_PARTIAL_BYTES = 68;
export const MODEL_BYTES = 128;

/** Integers of 16 or of 8 bits, and a step of the row's own. */
export const CACHE_16 = 0;
export const CACHE_8 = 1;
/** Positions of one span of attention: fixed, so that a result does not depend on the number of threads. */
export const SPAN = 256;
/** Query rows (tokens times heads that share keys) of one pass of attention; a token's heads are never split. */
export const QUERY_ROWS = 48;
/** Query tokens of one block of attention in prefill. */
export const BLOCK_TOKENS = 16;

// An op: 128 bytes.
export const OP_CODE = 0;
export const OP_PREPARE = 12;
/** f32 [tokens][columns]. */
export const OP_SOURCE = 16;
/** f32 [columns]. */
export const OP_NORM = 20;
/** ACT records: the shared one, and the offset of the thread's own in its block. */
export const OP_ACT = 24;
export const OP_ACT_OWN = 28;
export const OP_MATRIX = 32;
export const OP_MATRIX_2 = 36;
export const OP_MATRIX_3 = 40;
/** f32, or 0. */
export const OP_BIAS = 44;
export const OP_BIAS_2 = 48;
export const OP_BIAS_3 = 52;
export const OP_QUERY_NORM = 56;
export const OP_KEY_NORM = 60;
/** Of the layer: [kv heads][capacity][row bytes]. */
export const OP_KEYS = 64;
export const OP_VALUES = 68;
export const OP_OUT = 72;
export const OP_BYTES = 128;

export const CODE_EMBED = 0;
export const CODE_QKV = 1;
export const CODE_ATTEND = 2;
/** The stream plus a matrix times the activations. */
export const CODE_ADD = 3;
/** silu(gate) * up. */
export const CODE_GLU = 4;
/** A matrix times the activations, as it is. */
export const CODE_PROJECT = 5;

/** Ops, and so barriers, of a layer. */
export const LAYER_OPS = 5;

/** How an op makes its activations from OP_SOURCE. */
export const PREPARE_NONE = 0;
export const PREPARE_RAW = 1;
export const PREPARE_NORM = 2;
/** From the spans of attention in decode, from MODEL_ATTENDED in prefill. */
export const PREPARE_ATTENDED = 3;

// A thread's own block.
/** f32 [columns]: a normed row. */
export const OWN_ROW = 0;
/** Room for a piece of an op's result, and for attention. */
export const OWN_SCRATCH = 4;
/** The ACT records follow. */
export const OWN_ACTS = 16;
