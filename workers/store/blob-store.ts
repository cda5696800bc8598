/** The content-addressed store of model bytes; every back end behaves as these sentences say. */
import type { Digest } from '#core/digest';
import type { StoreKind } from '#core/store-kind';

/** Bytes: what a writer takes at a time. A store of records has one record a slice. */
export const SLICE = 1024 * 1024;

export interface BlobEntry {
  digest: Digest;
  /** Bytes. */
  size: number;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
}

/** An unfinished blob, open for writing; it has one writer, and survives a closed tab up to the last flush. */
export interface BlobWriter {
  /**
   * Writes all of `bytes` at `offset`, which is a multiple of `SLICE`, as is their number but for the blob's end: a
   * slice that is written again replaces the first. @throws PaddockError `storage_full`, `storage_failed`
   */
  write(bytes: Uint8Array<ArrayBuffer>, offset: number): Promise<void>;
  /** Fills `into` from `offset` and returns the bytes read, fewer at the end of what was written. */
  read(into: Uint8Array<ArrayBuffer>, offset: number): Promise<number>;
  /** Resolves when what was written would survive a crash of the tab. */
  flush(): Promise<void>;
  /** Must be called; the blob stays unfinished until `commit`. */
  close(): Promise<void>;
}

export interface BlobStore {
  readonly kind: StoreKind;
  /** Why it is not OPFS. */
  readonly reason?: string;
  /** True only for a committed blob. */
  has(digest: Digest): Promise<boolean>;
  /** Bytes of a committed blob; null when there is none. */
  size(digest: Digest): Promise<number | null>;
  /** The committed blob, readable in slices without copying it to memory. @throws `model_unreadable` when missing */
  open(digest: Digest): Promise<Blob>;
  /** Its file, where blobs are files: for threads that read it in their own way. */
  file?(digest: Digest): Promise<FileSystemFileHandle>;
  /** Opens the unfinished blob, made when missing. @throws `storage_failed` when another writer has it */
  writer(digest: Digest): Promise<BlobWriter>;
  /** Bytes of the unfinished blob; 0 when there is none. */
  unfinishedSize(digest: Digest): Promise<number>;
  /**
   * Makes the unfinished blob `key` the committed one `digest`; the caller has compared the hash. They differ where
   * nobody told the digest before the bytes had come.
   */
  commit(key: Digest, digest?: Digest): Promise<void>;
  /** Removes the blob, finished or not; nothing when there is none. */
  delete(digest: Digest): Promise<void>;
  /** The committed blobs. */
  list(): Promise<BlobEntry[]>;
  /** The unfinished blobs. */
  listUnfinished(): Promise<BlobEntry[]>;
}
