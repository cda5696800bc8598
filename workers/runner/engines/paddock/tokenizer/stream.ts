/** Turns the bytes of tokens into text as they come, and never cuts a character in two. */
export class TextStream {
  // The decoder holds back what a later byte may complete, and writes U+FFFD for what none can.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** The text that is certain after these bytes; often a token's text, sometimes none. */
  push(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes, { stream: true });
  }

  /** The rest, after the last token: U+FFFD for a character that was never completed. */
  end(): string {
    return this.#decoder.decode();
  }
}
