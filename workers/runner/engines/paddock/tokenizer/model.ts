/** What byte pairs and SentencePiece do each in their own way; special tokens are cut out before. */
export interface Model {
  /** Puts BOS in front unless the file says otherwise. */
  readonly addBos: boolean;
  /**
   * Appends the tokens of `text`.
   * @param afterSpecial nothing, or a special token, stands before it
   */
  encode(text: string, afterSpecial: boolean, into: number[]): void;
  /** The bytes that an ordinary token's spelling stands for. */
  bytes(spelling: string): Uint8Array;
}
