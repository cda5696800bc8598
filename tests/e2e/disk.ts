/** What lies on a disk: GGUF files and a folder of Ollama's, made in a temporary place. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { smallGguf, type SmallGguf } from '../fixtures/disk-gguf';
import { underServiceWorker } from './api-client';
import { expect, startChatting, type Site } from './site';

export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'paddock-disk-'));
}

/** A file for a picker, in memory. */
export function ggufFile(name: string, parts: SmallGguf = {}) {
  return { name, mimeType: '', buffer: Buffer.from(smallGguf(parts)) };
}

/** Writes models into `root` as Ollama has them; what `omit` says is not written, what `change` says is. */
export class OllamaFolder {
  readonly root = temporaryFolder();

  add(
    name: string,
    texts: Record<string, string> = {},
    seed = 1,
  ): { manifest: string; weights: string } {
    const weights = this.#blob(Buffer.from(smallGguf({ seed })));
    const config = this.#blob(Buffer.from('{"model_format":"gguf","model_family":"llama"}'));
    const layers = [{ ...weights, mediaType: type('model') }];
    for (const [kind, text] of Object.entries(texts)) {
      layers.push({ ...this.#blob(Buffer.from(text)), mediaType: type(kind) });
    }
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: { ...config, mediaType: 'application/vnd.docker.container.image.v1+json' },
      layers,
    });
    this.write(`manifests/registry.ollama.ai/library/${name}`, manifest);
    return { manifest, weights: weights.digest.slice(7) };
  }

  write(path: string, content: string | Buffer): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }

  #blob(bytes: Buffer) {
    const hex = digestOf(bytes);
    this.write(`blobs/sha256-${hex}`, bytes);
    return { digest: `sha256:${hex}`, size: bytes.length };
  }
}

function type(kind: string): string {
  return `application/vnd.ollama.image.${kind}`;
}

/** The Models page, where a chat has begun. */
export async function openModels(page: Page, site: Pick<Site, 'url'>): Promise<void> {
  await startChatting(page, site);
  await underServiceWorker(page);
  await page.getByRole('link', { name: 'Models' }).click();
  await expect(page.getByRole('heading', { name: 'Import from disk' })).toBeVisible();
}

export function rowOf(page: Page, text: string): Locator {
  return page
    .getByRole('list', { name: 'Models on disk' })
    .getByRole('listitem')
    .filter({ hasText: text });
}

/** The digests, in hexadecimal, of the installed models' manifests, by name. */
export function installed(page: Page): Promise<Record<string, string>> {
  return page.evaluate(async () => {
    const answer = await fetch('/api/tags');
    const { models } = (await answer.json()) as { models: { name: string; digest: string }[] };
    return Object.fromEntries(models.map(({ name, digest }) => [name, digest]));
  });
}

/** Drops files as a person does, on whatever is in the middle of the page. */
export async function drop(page: Page, files: { name: string; buffer: Buffer }[]): Promise<void> {
  const sent = files.map(({ name, buffer }) => ({ name, data: buffer.toString('base64') }));
  await page.evaluate((all) => {
    const transfer = new DataTransfer();
    for (const { name, data } of all) {
      const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name));
    }
    const target = document.querySelector('h1')!;
    for (const type of ['dragenter', 'dragover', 'drop']) {
      const event = new DragEvent(type, {
        dataTransfer: transfer,
        bubbles: true,
        cancelable: true,
      });
      target.dispatchEvent(event);
    }
  }, sent);
}
