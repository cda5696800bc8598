/** A message with parts. Apart from `language.ts`, which the first page has. */
import { spoken, type Marked } from './language';

/** As `message`, with its parts. */
export function markedMessage<I>(key: string, english: Marked<I>): Marked<I> {
  const now = () => (spoken().catalogue?.[key] as Marked<I> | undefined) ?? english;
  return Object.assign((inputs: I) => now()(inputs), { parts: (inputs: I) => now().parts(inputs) });
}
