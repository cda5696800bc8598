/** What the registry's parts share. */
import type { Digest } from '#core/digest';
import type { Caller } from '#core/caller';
import type { CheckMethods, PullerMethods } from '#core/methods';
import type { AdapterLimits } from '#core/paddock-api';
import type { BlobStore } from '#store/blob-store';
import type { Estimate } from '#store/storage-error';
import type { RegistryDb } from './db';
import type { Lock } from './lock';
import type { Pins } from './pins';
import type { Source } from './source';
import type { Uploads } from './uploads';

/** A started puller; its death must fail `caller`. */
export interface Puller {
  caller: Caller<PullerMethods>;
  terminate(): void;
}

/** A started worker that hashes blobs; its death must fail `caller`. */
export interface Checker {
  caller: Pick<Caller<CheckMethods>, 'call'>;
  terminate(): void;
}

export interface RegistryOptions {
  store: BlobStore;
  source: Source;
  /** One worker a transfer. */
  startPuller: () => Puller;
  /** One worker a check. */
  startChecker?: () => Checker;
  /** Told what a puller was not allowed to ask for. */
  onRefused?: (url: string) => void;
  /** The browser's unless a test brings another. */
  estimate?: Estimate;
  /** The graphics adapter, which an MLC model is pulled for; null: there is none. */
  adapter?: () => Promise<AdapterLimits | null>;
  /** Milliseconds since the epoch. */
  now?: () => number;
  db?: RegistryDb;
  /** Bytes, a multiple of 1 MiB: how files are cut. */
  partSize?: number;
  /** Called when models may have come or gone. */
  changed?: () => void;
}

export interface RegistryContext extends Required<RegistryOptions> {
  pins: Pins;
  uploads: Uploads;
  /** Bytes of committed blobs, as last seen: what has a digest does not change, so a listing asks once. */
  sizes: Map<Digest, number>;
  /** Held while blobs are removed, and while a pull pins what it needs. */
  cleaning: Lock;
}
