/** The test build with models made here; large files come at a rate, and are counted. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { serveSite } from '../../scripts/serve';
import { fakeConfig, fakeRegistry, noise, publish } from '../fixtures/fake-registry';

/** Bytes from which a file comes at the rate. */
const LARGE = 1024 * 1024;
const PIECE = 128 * 1024;

export class ModelSite {
  /** Bytes of large files that were sent. */
  sent = 0;
  /** Called when so much of a large file was sent, since it was published, that all of it may have come. */
  onWhole: (path: string) => void = () => {};
  readonly #files = fakeRegistry();
  readonly #sentOf = new Map<string, number>();
  readonly #rate: number;
  #held: { answer: () => void }[] | undefined;
  #site: Awaited<ReturnType<typeof serveSite>> | undefined;

  /** `rate`: bytes a second and connection. */
  constructor(rate: number) {
    this.#rate = rate;
  }

  async start(): Promise<this> {
    const intercept = (request: IncomingMessage, response: ServerResponse) =>
      this.#intercept(request, response);
    this.#site = await serveSite({ dir: 'build-test', port: 0, overlay: this.#files, intercept });
    return this;
  }

  /** Ends in `/`. */
  get url(): string {
    return this.#site!.url;
  }

  /** `size` bytes of noise as the weights of `model`, in the place of what had the name; the path of the weights. */
  publish(model: string, size: number, seed: number): string {
    const before = new Set(this.#files.keys());
    const params = { seed };
    publish(this.#files, {
      path: model,
      weights: noise(size, seed),
      params,
      config: fakeConfig(`${seed}K`),
    });
    const added = [...this.#files].filter(([path]) => !before.has(path));
    return `/${added.find(([, bytes]) => bytes.length === size)![0]}`;
  }

  /** Until `release`, nobody learns what is published. */
  holdManifests(): void {
    this.#held ??= [];
  }

  release(): void {
    for (const { answer } of this.#held ?? []) answer();
    this.#held = undefined;
  }

  async close(): Promise<void> {
    await this.#site?.close();
  }

  #intercept(request: IncomingMessage, response: ServerResponse): boolean {
    const path = request.url ?? '';
    const bytes = this.#files.get(path.slice(1));
    if (this.#held && bytes && path.includes('/manifests/')) {
      this.#held.push({ answer: () => response.end(bytes) });
      return true;
    }
    if (!bytes || bytes.length < LARGE) return false;
    void this.#answer(path, bytes, request, response);
    return true;
  }

  async #answer(path: string, all: Uint8Array, request: IncomingMessage, response: ServerResponse) {
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [from, to] = match ? [Number(match[1]), Number(match[2]) + 1] : [0, all.length];
    response.writeHead(match ? 206 : 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': to - from,
      ...(match && { 'Content-Range': `bytes ${from}-${to - 1}/${all.length}` }),
    });
    // What is written to a connection that is gone calls nobody back.
    const gone = new Promise((resolve) => response.once('close', resolve));
    for (let at = from; at < to && !response.destroyed; at += PIECE) {
      const piece = all.subarray(at, Math.min(at + PIECE, to));
      await Promise.race([
        gone,
        new Promise<void>((resolve) => response.write(piece, () => resolve())),
      ]);
      this.sent += piece.length;
      const sent = (this.#sentOf.get(path) ?? 0) + piece.length;
      this.#sentOf.set(path, sent);
      if (sent === all.length) this.onWhole(path);
      await wait((piece.length / this.#rate) * 1000);
    }
    response.end();
  }
}
