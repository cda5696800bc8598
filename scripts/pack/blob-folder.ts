/** Writes a model's files; what a failed run wrote is taken away again. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { blobFileName, parseDigest, type Digest } from '#core/digest';
import { PARTS_SUFFIX } from '#core/manifest';
import { Refusal } from '../refusal.ts';

export class BlobFolder {
  readonly #root: string;
  /** Files that this run made. */
  readonly #written: string[] = [];
  /** Folders that this run made, outer ones first. */
  readonly #made: string[] = [];

  /** @param root the model's folder, `…/v2/<namespace>/<model>` */
  constructor(root: string) {
    this.#root = root;
  }

  /** A blob that is there is read again: only one that is damaged is written anew. */
  async blob(bytes: Uint8Array): Promise<{ digest: Digest; size: number }> {
    const digest = digestFrom(createHash('sha256').update(bytes));
    await this.#file(join('blobs', blobFileName(digest)), bytes);
    return { digest, size: bytes.length };
  }

  /**
   * The file at `path`, which has `size` bytes, as blobs of `partSize` bytes and the list of them. Holds one
   * part in memory at a time.
   */
  async parts(path: string, size: number, partSize: number): Promise<{ digest: Digest }> {
    const whole = createHash('sha256');
    const parts: { size: number; digest: Digest }[] = [];
    const file = await open(path);
    try {
      for (let at = 0; at < size; at += partSize) {
        const bytes = new Uint8Array(Math.min(partSize, size - at));
        for (let read = 0; read < bytes.length;) {
          const { bytesRead } = await file.read(bytes, read, bytes.length - read, at + read);
          if (bytesRead === 0) throw new Refusal(`${path} became shorter. Start again.`);
          read += bytesRead;
        }
        whole.update(bytes);
        const { digest, size: length } = await this.blob(bytes);
        parts.push({ size: length, digest });
      }
    } finally {
      await file.close();
    }
    const digest = digestFrom(whole);
    const list = Buffer.from(JSON.stringify({ size, digest, parts }));
    await this.#file(join('blobs', blobFileName(digest) + PARTS_SUFFIX), list);
    return { digest };
  }

  /** Written last: a model is there when its manifest is. */
  async manifest(tag: string, value: unknown): Promise<void> {
    await this.#file(join('manifests', tag), Buffer.from(JSON.stringify(value)));
  }

  /** Takes away what this run wrote; files that were there before stay. */
  async undo(): Promise<void> {
    for (const path of this.#written) await rm(path, { force: true });
    for (const path of this.#made.reverse()) await rmdir(path).catch(ignoreNotEmpty);
  }

  async #file(path: string, bytes: Uint8Array): Promise<void> {
    const target = join(this.#root, path);
    const there = existsSync(target);
    if (there && Buffer.compare(await readFile(target), bytes) === 0) return;
    await this.#folder(dirname(target));
    const partial = `${target}.partial`;
    if (!there) this.#written.push(target);
    this.#written.push(partial);
    await writeFile(partial, bytes);
    await rename(partial, target);
  }

  async #folder(path: string): Promise<void> {
    if (existsSync(path)) return;
    await this.#folder(dirname(path));
    await mkdir(path);
    this.#made.push(path);
  }
}

function digestFrom(hash: ReturnType<typeof createHash>): Digest {
  return parseDigest(`sha256:${hash.digest('hex')}`)!;
}

/** Another file lies in it, so the folder is not ours alone. */
function ignoreNotEmpty(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error;
}
