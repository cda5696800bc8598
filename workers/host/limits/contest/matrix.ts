/** 4 MiB of 32-bit floats: small enough for a test of a tenth of a second, larger than a core's own cache. */
export const ROWS = 1024;
export const COLUMNS = 1024;
