/** What IndexedDB keeps, read with a guard: other versions and damaged disks wrote it too. */
import { parseDigest, type Digest } from '#core/digest';
import type { EngineNote } from '#core/engine';
import { PaddockError, type WireError } from '#core/errors';
import { isObject } from '#core/is-object';
import { parseManifest, type Manifest, type ModelConfig } from '#core/manifest';
import type { KeptParts } from '#core/methods';
import { parseLibrary } from '#core/mlc/library';
import { nameKey, type ModelName } from '#core/names';
import type { MlcWishes } from '#core/pull-target';
import { readFacts, type WeightsFacts } from '#core/weights-facts';

/** Where a model came from, where its name does not say it all. */
export interface Provenance {
  /** What would pull it again: an address with its revision, or the name that it was copied from. */
  from?: string;
  /** Plain HTTP was good enough. */
  insecure?: true;
  /** It was created on this device: nobody publishes it. */
  made?: true;
  /** What somebody named for its library, an address or a digest: a list's does not take its place unasked. */
  library?: string;
}

export interface ManifestRecord extends Provenance {
  key: string;
  /** As it was first spelled. */
  name: ModelName;
  /** The manifest's own bytes. */
  text: string;
  /** Of `text`. */
  digest: Digest;
  config: ModelConfig;
  /** Milliseconds since the epoch. */
  modifiedAt: number;
  /** So that no list opens the weights; absent where nobody has looked yet, or an earlier version did. */
  facts?: WeightsFacts;
}

/** How far an unfinished blob has come. */
export interface LedgerRecord extends KeptParts {
  /** The key under which it is kept: see `blobKey`. */
  digest: Digest;
  /** Bytes of the blob, and of each part but the last. */
  size: number;
  partSize: number;
}

/** A pull in the queue, so that it outlives the tab. */
export interface PullRecord {
  /** `nameKey` of the model. */
  key: string;
  /** As it was asked for: a name or an address. */
  model: string;
  insecure: boolean;
  /** What was said of its library, where it is an MLC model. */
  wishes?: MlcWishes;
  state: 'queued' | 'running' | 'paused' | 'failed';
  /** Bytes, as last seen; 0 while unknown. */
  completed: number;
  /** Bytes; 0 while unknown. */
  total: number;
  /** Milliseconds since the epoch. */
  addedAt: number;
  /** What it was seen to need: kept while it is in the queue, finished or not. */
  blobs: Digest[];
  error?: WireError;
}

/** How many pulls of the queue run at once. */
export interface LimitRecord {
  key: string;
  parallel: number;
}

export interface UsageRecord {
  /** `nameKey` of the model. */
  key: string;
  /** Milliseconds since the epoch. */
  usedAt: number;
}

/** Goes to this host alone; leaves the device in no export and in no log. */
export interface TokenRecord {
  /** Such as `huggingface.co`. */
  host: string;
  token: string;
}

/** A choice that lives with the models. */
export interface SettingRecord {
  key: 'mirror';
  value: string;
}

/** The parts of a blob whose whole digest agreed: a damaged one is repaired part by part. */
export interface VerifiedRecord {
  digest: Digest;
  /** Bytes of each part but the last. */
  partSize: number;
  parts: Digest[];
}

/** A blob that a check found damaged. It says so of the bytes of that moment alone: a newer blob is another one. */
export interface DamageRecord {
  digest: Digest;
  /** The blob's, in milliseconds since the epoch. */
  modifiedAt: number;
}

/** The library that is known by an address or a name: code that this device has run, or agreed to. */
export interface LibraryRecord {
  /** See `mlc/trust.ts`. */
  url: string;
  digest: Digest;
}

/** What an engine learned of a model on this device. */
export interface NoteRecord extends EngineNote {
  weights: Digest;
  /** Milliseconds since the epoch. */
  usedAt: number;
}

export interface StoredManifest extends ManifestRecord {
  manifest: Manifest;
}

/** Null for a damaged record. */
export function readManifest(value: unknown): StoredManifest | null {
  const record = value as ManifestRecord | null | undefined;
  try {
    const name = readName(record?.name);
    const digest = parseDigest(record?.digest);
    if (!record || !name || !digest || typeof record.modifiedAt !== 'number') return null;
    const manifest = parseManifest(record.text);
    const config = parseConfig(JSON.stringify(record.config));
    const { text, modifiedAt } = record;
    const facts = readFacts(record.facts) ?? undefined;
    const read = { key: nameKey(name), name, text, digest, config, modifiedAt, facts, manifest };
    return { ...read, ...readProvenance(record) };
  } catch {
    return null; // `parseManifest` said no
  }
}

function readProvenance({ from, insecure, made, library }: ManifestRecord): Provenance {
  const named = typeof library === 'string' ? parseLibrary(library) : null;
  return {
    ...(typeof from === 'string' && { from }),
    ...(insecure === true && { insecure }),
    ...(made === true && { made }),
    ...(named !== null && { library: named }),
  };
}

/** Null for a damaged record, or one of an older shape: the transfer then starts anew. */
export function readLedger(value: unknown): LedgerRecord | null {
  const record = value as LedgerRecord | null | undefined;
  const digest = parseDigest(record?.digest);
  if (!record || !digest || !Array.isArray(record.parts)) return null;
  const { size, partSize, hashed } = record;
  if (![size, partSize, hashed].every(Number.isSafeInteger)) return null;
  const parts = record.parts.map(parseDigest);
  const hashState = record.hashState instanceof Uint8Array ? record.hashState : null;
  const validator = typeof record.validator === 'string' ? record.validator : null;
  return { digest, size, partSize, parts, hashed, hashState, validator };
}

/** Null for a damaged record: the blob is then repaired as a whole. */
export function readVerified(value: unknown): VerifiedRecord | null {
  const record = value as VerifiedRecord | null | undefined;
  const digest = parseDigest(record?.digest);
  if (!record || !digest || !Array.isArray(record.parts)) return null;
  const parts = record.parts.map(parseDigest).filter((part) => part !== null);
  if (parts.length !== record.parts.length || !(record.partSize > 0)) return null;
  return { digest, partSize: record.partSize, parts };
}

/** The manifest's config blob. @throws PaddockError `bad_manifest` without a model format. */
export function parseConfig(text: string): ModelConfig {
  let value: Partial<Record<keyof ModelConfig, unknown>> | null;
  try {
    value = JSON.parse(text) as typeof value;
  } catch {
    value = null;
  }
  if (!string(value?.model_format)) {
    throw new PaddockError('bad_manifest', 'The configuration of the model names no format.');
  }
  const { model_family, model_families, model_type, file_type, model_format } = value!;
  return {
    model_format: string(model_format),
    model_family: string(model_family),
    model_families: strings(model_families),
    model_type: string(model_type),
    file_type: string(file_type),
    ...extras(value!),
  };
}

/** What only some configurations have. */
function extras(value: Partial<Record<keyof ModelConfig, unknown>>): Partial<ModelConfig> {
  const result: Partial<ModelConfig> = {};
  for (const key of ['renderer', 'parser', 'requires'] as const) {
    if (string(value[key])) result[key] = string(value[key]);
  }
  for (const key of ['context_length', 'embedding_length'] as const) {
    const count = value[key];
    if (Number.isSafeInteger(count) && (count as number) > 0) result[key] = count as number;
  }
  const library = isObject(value.library) ? value.library : null;
  if (library) {
    const url = parseLibrary(string(library.url));
    const version = string(library.version);
    const address = url !== null && parseDigest(url) === null;
    result.library = { ...(address && { url }), ...(version && { version }) };
  }
  const capabilities = strings(value.capabilities);
  return capabilities.length > 0 ? { ...result, capabilities } : result;
}

function string(field: unknown): string {
  return typeof field === 'string' ? field : '';
}

function strings(field: unknown): string[] {
  return Array.isArray(field) ? field.map(string).filter(Boolean) : [];
}

function readName(value: unknown): ModelName | null {
  const name = value as ModelName | null | undefined;
  const parts = [name?.host, name?.namespace, name?.model, name?.tag];
  return name && parts.every((part) => typeof part === 'string' && part !== '') ? name : null;
}
