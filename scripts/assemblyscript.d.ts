/**
 * What is used of the AssemblyScript compiler. Its own types declare a global `Array`, which would hide from every
 * file that an element may be undefined.
 */
interface Streams {
  readFile?(name: string, base: string): Promise<string | null>;
  writeFile?(name: string, contents: Uint8Array | string): void;
  listFiles?(): string[];
  stderr?: { toString(): string };
}

declare const asc: {
  main(
    args: string[],
    streams?: Streams,
  ): Promise<{
    error: Error | null;
    stdout: { toString(): string };
    stderr: { toString(): string };
  }>;
  createMemoryStream(): { toString(): string };
};
export default asc;
