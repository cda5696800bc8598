/** What a schema may be at most, so that reading it takes milliseconds and its grammar a few megabytes. */
import { badSchema } from './faults';

/** Characters as JSON. */
const LARGEST = 128 * 1024;
/** Objects and lists, one in the other. */
const DEEPEST = 100;

/** @throws PaddockError `bad_request` */
export function checkSize(schema: unknown): void {
  const deepest = depthOf(schema);
  if (deepest > DEEPEST) throw badSchema(`the schema is nested over ${DEEPEST} deep`);
  const size = JSON.stringify(schema).length;
  if (size > LARGEST) {
    throw badSchema(`the schema has ${size} characters, and ${LARGEST} are read at most`);
  }
}

/** Without recursion: nobody knows how deep it is. Ends soon behind the limit. */
function depthOf(schema: unknown): number {
  let deepest = 0;
  const waiting: [unknown, number][] = [[schema, 0]];
  for (let next = waiting.pop(); next && deepest <= DEEPEST; next = waiting.pop()) {
    const [value, depth] = next;
    if (typeof value !== 'object' || value === null) continue;
    deepest = Math.max(deepest, depth + 1);
    for (const one of Object.values(value)) waiting.push([one, depth + 1]);
  }
  return deepest;
}
