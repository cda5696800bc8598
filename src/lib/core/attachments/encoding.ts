const ENCODINGS = ['UTF-16', 'Windows-1252'] as const;

/** What a text was written in, where it was not UTF-8. */
export type TextEncoding = (typeof ENCODINGS)[number];

export function isEncoding(value: unknown): value is TextEncoding {
  return ENCODINGS.some((known) => known === value);
}
