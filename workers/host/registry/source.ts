/** A source turns a name into a manifest, and each blob of it into parts with an address. */
import type { Digest } from '#core/digest';
import type { Layer, Manifest } from '#core/manifest';
import type { TransferPart } from '#core/methods';
import type { ModelName } from '#core/names';

export interface ResolvedModel {
  manifest: Manifest;
  /** The manifest's own bytes, as text: their digest is the model's. */
  text: string;
  digest: Digest;
}

export interface Source {
  /** @throws PaddockError `not_in_registry`, `bad_manifest`, `network` */
  resolve(name: ModelName, signal: AbortSignal): Promise<ResolvedModel>;
  /** Where the blob's parts are, in their order; one part when the blob is published whole. */
  parts(name: ModelName, blob: Layer, signal: AbortSignal): Promise<TransferPart[]>;
}
