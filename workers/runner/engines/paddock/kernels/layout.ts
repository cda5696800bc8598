/**
 * The numbers that TypeScript and the kernels agree on: plain constants, so that both compilers read this file.
 * All offsets are in bytes.
 */

/** ggml's tensor types that the kernels know. */
export const F32 = 0;
export const F16 = 1;
export const Q4_0 = 2;
export const Q4_1 = 3;
export const Q5_0 = 6;
export const Q5_1 = 7;
export const Q8_0 = 8;
export const Q4_K = 12;
export const Q5_K = 13;
export const Q6_K = 14;
export const BF16 = 30;

/** Rows of a packed matrix lie in groups of this many, interleaved; the last group is filled up with its last row. */
export const GROUP = 8;

/** A packed matrix: `rows x columns`; one output value a row. */
export const MATRIX_TYPE = 0;
export const MATRIX_DATA = 4;
export const MATRIX_ROWS = 8;
export const MATRIX_COLUMNS = 12;
/** Bytes of one group of rows: the same as GROUP rows take in the file. */
export const MATRIX_GROUP_BYTES = 16;
export const MATRIX_BYTES = 32;

/**
 * Activations of T tokens by K columns, as the kernels read them; a form that no reader needs may be 0.
 * The blocks are of 32 columns, whatever the weights' own blocks are.
 */
/** i8 [T][K]: round(x / d) in -127…127; relaxed kernels. */
export const ACT_I8 = 0;
/** i16 [T][K]: the same values, for the plain kernels; order inside 4 columns is the kernels' own matter. */
export const ACT_I16 = 4;
/** i16 [T][K]: finer, for weights of 8 bits, which use the plain dot product in both modules. */
export const ACT_FINE = 8;
/** f32 [T][K / 32]: d of ACT_I8 and ACT_I16, times 2^51 (see assembly/scales.ts). */
export const ACT_SCALE = 12;
/** [T][K / 32] of 8 bytes: f32, that scale times the sum of the 32 integers; i16, i16, the sums of each 16. */
export const ACT_SUM = 16;
/** f32 [T][K / 32]: d of ACT_FINE, times 2^51. */
export const ACT_FINE_SCALE = 20;
/** f32 [T][K]: the values times 2^51, for F32, F16 and BF16 weights. */
export const ACT_F32 = 24;
/** i32: K. */
export const ACT_COLUMNS = 28;
/** i32: which forms to write, FORM_… or-ed. */
export const ACT_FORMS = 32;
export const ACT_BYTES = 64;

/** Forms of activations that a matrix's type reads. FORM_COARSE is ACT_I8 or ACT_I16, by module. */
export const FORM_COARSE = 1;
export const FORM_FINE = 2;
export const FORM_F32 = 4;
