/** Text to tokens and back, as the model's file says. */

export interface EncodeOptions {
  /** Puts the tokens in front and behind that the file asks for (`add_bos_token`, `add_eos_token`). */
  addSpecial: boolean;
  /** Reads `<|im_start|>` and its like as the tokens they name, not as text. */
  parseSpecial: boolean;
}

export interface Tokenizer {
  readonly vocabulary: number;
  /** Tokens that end a reply: end of text, of turn, of message. */
  readonly ends: ReadonlySet<number>;
  readonly bos: number | undefined;
  readonly eos: number | undefined;
  encode(text: string, options: EncodeOptions): number[];
  /** The bytes of one token; none for a control token. A character may be spread over several tokens. */
  bytes(token: number): Uint8Array;
  /** The token's text as the file has it, for messages and templates. */
  name(token: number): string;
}
