/** Native llama.cpp on the same file, by its own benchmark. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Native {
  /** Tokens a second on one thread. */
  decode: number;
  prompt512: number;
}

/** What `llama-bench -o json` writes of a test. */
interface Test {
  n_prompt: number;
  n_gen: number;
  avg_ts: number;
}

/** @param program path of `llama-bench` */
export async function native(program: string, model: Uint8Array): Promise<Native> {
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-cpu-'));
  try {
    const file = path.join(folder, 'model.gguf');
    await writeFile(file, model);
    const { stdout } = await promisify(execFile)(program, [
      ...['-m', file, '-t', '1', '-ngl', '0', '-r', '5', '-o', 'json'],
      ...['-p', '512', '-n', '96'],
    ]);
    const tests = JSON.parse(stdout) as Test[];
    return {
      decode: tests.find(({ n_gen }) => n_gen > 0)!.avg_ts,
      prompt512: tests.find(({ n_prompt }) => n_prompt > 0)!.avg_ts,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
