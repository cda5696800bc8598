/** A source turns a name into a plan: the blobs that make the model, and where the bytes of each are. */
import type { MlcModel } from '#core/catalogue/mlc';
import type { Digest } from '#core/digest';
import type { Layer, Manifest } from '#core/manifest';
import type { BlobOrigin } from '#core/methods';
import type { PullTarget } from '#core/pull-target';

/** A registry's model: its manifest names every blob. */
export interface ManifestPlan {
  kind: 'manifest';
  manifest: Manifest;
  /** The manifest's own bytes, as text: their digest is the model's. */
  text: string;
  digest: Digest;
  /** Asked just before the transfer. @throws PaddockError as `resolve` */
  origin(blob: Layer, signal: AbortSignal): Promise<BlobOrigin>;
}

/** A file that becomes a layer of a model whose manifest is made here. */
export interface PlannedFile {
  /** Null where nobody publishes it: then it is what arrives. */
  digest: Digest | null;
  /** Bytes. */
  size: number;
  mediaType: string;
  /** Its path in the repository, or the file's name. */
  name: string;
  origin: BlobOrigin;
}

/** A hub's or a host's files: the manifest is made of what they say themselves. */
export interface FilesPlan {
  kind: 'files';
  files: PlannedFile[];
  /** `gguf` or `mlc`. */
  format: string;
  /** What would pull the same again: an address with its revision. */
  from: string;
  /** Of an MLC model. */
  mlc?: MlcPlan;
  /** What other tags of the same repository would choose; sizes in bytes. */
  choices?: { tag: string; size: number }[];
}

/** What is known of an MLC model before its first byte. */
export interface MlcPlan {
  /** In web-llm's list. */
  listed?: MlcModel;
  /** By the list, or by the repository's name; '' where that does not say. */
  quantization: string;
  /** Where its library comes from: an address, or a digest of what is here; null: nobody has said. */
  library: string | null;
}

export type PullPlan = ManifestPlan | FilesPlan;

export interface Source {
  /**
   * @throws PaddockError `not_in_registry`, `bad_manifest`, `network`, `no_cors`, `host_not_allowed`, `unauthorized`,
   * `rate_limited`, `missing`, `no_gguf`, `ambiguous`, `bad_library`, `network_off`, `aborted`
   */
  resolve(target: PullTarget, signal: AbortSignal): Promise<PullPlan>;
  /** An MLC model's library at an address. @throws PaddockError `bad_library`, and as `resolve` */
  library?(url: string, signal: AbortSignal): Promise<PlannedFile>;
}
