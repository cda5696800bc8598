/** Native llama.cpp on the same file, by its own benchmark. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Native {
  /** Tokens a second, on one thread unless said. */
  decode: number;
  prompt512: number;
  decodeTwoThreads: number;
  decodeAfter2000: number;
}

/** What `llama-bench -o json` writes of a test. */
interface Test {
  n_prompt: number;
  n_gen: number;
  n_threads: number;
  /** Tokens before the first that is timed. */
  n_depth: number;
  avg_ts: number;
}

/** @param program path of `llama-bench` */
export async function native(program: string, model: Uint8Array): Promise<Native> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-cpu-'));
  try {
    const file = path.join(folder, 'model.gguf');
    await writeFile(file, model);
    const run = async (...args: string[]) => {
      const shared = ['-m', file, '-ngl', '0', '-fa', '1', '-r', '5', '-o', 'json'];
      const { stdout } = await promisify(execFile)(program, [...shared, ...args]);
      return JSON.parse(stdout) as Test[];
    };
    const prompts = await run('-t', '1', '-p', '512', '-n', '0');
    const decodes = await run('-t', '1,2', '-p', '0', '-n', '96', '-d', '34,2000');
    const decode = (threads: number, depth: number) =>
      decodes.find(({ n_threads, n_depth }) => n_threads === threads && n_depth === depth)!.avg_ts;
    return {
      decode: decode(1, 34),
      prompt512: prompts[0]!.avg_ts,
      decodeTwoThreads: decode(2, 34),
      decodeAfter2000: decode(1, 2000),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
