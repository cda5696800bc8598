/** What a schema may be at most, so that reading it takes milliseconds and its grammar a few megabytes. */
import { isDeeper } from '#core/depth';
import { badSchema } from './faults';

/** Characters as JSON. */
const LARGEST = 128 * 1024;
/** Objects and lists, one in the other. */
const DEEPEST = 100;

/** @throws PaddockError `bad_request` */
export function checkSize(schema: unknown): void {
  if (isDeeper(schema, DEEPEST)) throw badSchema(`the schema is nested over ${DEEPEST} deep`);
  const size = JSON.stringify(schema).length;
  if (size > LARGEST) {
    throw badSchema(`the schema has ${size} characters, and ${LARGEST} are read at most`);
  }
}
