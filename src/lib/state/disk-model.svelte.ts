/** One model on this device's disk: what it is made of, whether it can be imported, and how far that is. */
import { parseDigest } from '#core/digest';
import { isAbort, toWire, type WireError } from '#core/errors';
import { nameKey, parseName } from '#core/names';
import { LIBRARY_NAME } from '#core/mlc/library';
import type { FileFacts, InstallFile, MlcFileKind } from '#core/paddock-api';
import type { StoreProblem } from '#core/ollama-store';
import { RateMeter } from '#core/rate-meter';
import { totalSize } from '#core/total-size';
import { fetchLibrary, installFiles, installManifest, storeFile } from '$lib/client/disk-import';

/** A file of it; `digest` where its manifest says it. */
export interface DiskPart {
  path: string;
  size: number;
  open(): Promise<File>;
  kind: FileFacts['kind'] | MlcFileKind;
  digest: string | null;
}

const MLC_KINDS: readonly string[] = ['json', 'library', 'tensor'] satisfies MlcFileKind[];

function isMlcKind(kind: DiskPart['kind']): kind is MlcFileKind {
  return MLC_KINDS.includes(kind);
}

export type DiskProblem =
  | StoreProblem
  | { type: 'here' }
  | { type: 'parts'; missing: number[]; of: number }
  | { type: 'alone'; kind: 'projector' | 'adapter' }
  /** Files of an MLC model that are not in its folder. */
  | { type: 'files'; missing: string[] }
  /** An MLC model that is not whole, or that this device cannot run. */
  | { type: 'unfit'; error: WireError };

export type DiskPhase = 'ready' | 'waiting' | 'storing' | 'writing' | 'done' | 'failed' | 'stopped';

/** Figures that change faster than this cannot be read. */
const READING_MS = 500;

export interface DiskModelOptions {
  /** Tells it from the others of the list. */
  key: string;
  name: string;
  parts: DiskPart[];
  /** An Ollama store's; then it keeps its name too. */
  manifest?: string;
  problem: DiskProblem | null;
  /** Media types that are kept and not read. */
  unknown?: string[];
  /** Of an MLC model whose folder has no library: its address; '': nobody has said. */
  library?: string;
}

export class DiskModel {
  readonly key: string;
  readonly parts: DiskPart[];
  readonly manifest: string | undefined;
  readonly unknown: string[];
  /** Bytes. */
  readonly size: number;
  /** Why it cannot be imported; null when it can. */
  readonly problem: DiskProblem | null;
  /** Its library is asked for: no folder has it, and no list. */
  readonly asksLibrary: boolean;
  /** Of an MLC model whose folder has none: an address, or the digest of a stored file; '' while there is neither. */
  library = $state('');
  name = $state('');
  chosen = $state(true);
  #phase = $state<DiskPhase>('ready');
  #completed = $state(0);
  #reading = $state.raw<{ at: number; rate: number; left: number } | null>(null);
  #meter = new RateMeter();
  #error = $state.raw<WireError | null>(null);
  #accepted: string | undefined;
  #fetchesLibrary: boolean;
  #abort = new AbortController();

  constructor(options: DiskModelOptions) {
    const { key, name, parts, manifest, problem, unknown = [], library } = options;
    this.key = key;
    this.name = name;
    this.parts = parts;
    this.manifest = manifest;
    this.problem = problem;
    this.unknown = unknown;
    this.library = library ?? '';
    this.asksLibrary = library === '';
    this.#fetchesLibrary = library !== undefined;
    this.size = totalSize(parts);
  }

  get phase() {
    return this.#phase;
  }

  /** Bytes. */
  get completed() {
    return this.#completed;
  }

  /** Bytes a second, and seconds left; null until there is enough to say. */
  get reading() {
    return this.#reading;
  }

  get error() {
    return this.#error;
  }

  get active() {
    return ['waiting', 'storing', 'writing'].includes(this.#phase);
  }

  /** It may be begun, or begun again. */
  get open() {
    return this.problem === null && !this.active && this.#phase !== 'done';
  }

  /** Its library is still to be named. */
  get wantsLibrary() {
    return this.asksLibrary && this.library === '';
  }

  /** A library that has changed where it is known from may take the known one's place. */
  accept(digest: string) {
    this.#accepted = digest;
  }

  /** Null where the name is none. */
  get nameKey(): string | null {
    const name = parseName(this.name.trim());
    return name && nameKey(name);
  }

  wait() {
    this.#abort = new AbortController();
    this.#error = null;
    this.#completed = 0;
    this.#reading = null;
    this.#meter = new RateMeter();
    this.#phase = 'waiting';
  }

  stop() {
    this.#abort.abort();
    if (this.#phase === 'waiting') this.#phase = 'stopped';
  }

  /** Stores what is not here and gives it its name; what goes wrong is kept in `error`. */
  async run(): Promise<void> {
    if (this.#phase !== 'waiting') return;
    this.#phase = 'storing';
    try {
      const files = await this.#storeParts();
      this.#phase = 'writing';
      const name = this.name.trim();
      if (this.manifest === undefined) await installFiles(name, files, this.#words);
      else await installManifest(name, this.manifest);
      this.#phase = 'done';
    } catch (error) {
      if (this.#abort.signal.aborted || isAbort(error)) this.#phase = 'stopped';
      else {
        this.#error = toWire(error, 'storage_failed');
        this.#phase = 'failed';
      }
    }
  }

  async #storeParts(): Promise<InstallFile[]> {
    const files: InstallFile[] = [];
    let before = 0;
    // Before the weights: it may be refused.
    if (this.#fetchesLibrary) files.push(await this.#storeLibrary());
    for (const { path, size, open, kind, digest } of this.parts) {
      const onProgress = (completed: number) => this.#take(before + completed);
      const { signal } = this.#abort;
      const mlc = isMlcKind(kind) ? kind : undefined;
      const stored = await storeFile(await open(), digest, onProgress, signal, mlc);
      this.#completed = before += size;
      files.push({ digest: stored, kind, name: path.split('/').at(-1)! });
    }
    return files;
  }

  async #storeLibrary(): Promise<InstallFile> {
    const { signal } = this.#abort;
    const digest = this.#address
      ? await fetchLibrary(this.#address, this.#accepted, signal)
      : this.library;
    return { digest, kind: 'library', name: LIBRARY_NAME };
  }

  get #address(): string | undefined {
    return this.#fetchesLibrary && !parseDigest(this.library) ? this.library : undefined;
  }

  get #words() {
    return { library: this.#address, accept_library: this.#accepted };
  }

  #take(completed: number) {
    this.#completed = completed;
    const at = performance.now();
    this.#meter.add(completed, at);
    const { perSecond: rate } = this.#meter;
    const left = this.#meter.secondsLeft(this.size);
    if (rate === null || left === null || at - (this.#reading?.at ?? 0) < READING_MS) return;
    this.#reading = { at, rate, left };
  }
}
