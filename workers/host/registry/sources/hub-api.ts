/** The hub's API: what a repository holds at a commit, with sizes and SHA-256. */
import { parseDigest, type Digest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import type { ModelName } from '#core/names';
import { isPlainName } from '#core/pull-target';
import type { Ask } from './ask';
import { isAbsent, notHere, refuseFault } from './tree';

/** Bytes; the answer about a repository of thousands of files has some 500 kB. */
const MAX_ANSWER = 8 * 1024 * 1024;
/** Of 1,000 entries each. */
const MAX_PAGES = 50;
const MAX_FILES = 50_000;
/** Letters; those of real ones have some 100, and end up in sentences. */
const MAX_PATH = 1024;

export interface HubFile {
  path: string;
  /** Bytes. */
  size: number;
  /** Null for what is in Git itself, of which the hub publishes no SHA-256. */
  digest: Digest | null;
}

export interface HubRepo {
  /** `user/repo` */
  id: string;
  /** The commit that stands behind the revision. */
  sha: string;
  gated: boolean;
  files: HubFile[];
}

interface Wanted {
  /** `user/repo`, as it stands in an address. */
  id: string;
  /** What an error calls it. */
  name: ModelName;
  revision: string | null;
}

/**
 * What the repository `id` holds at `revision` (null: its newest commit), asked of `base` (an origin, perhaps with a folder; no slash at the end).
 * @throws PaddockError `not_in_registry`, `unauthorized`, `bad_manifest`, and as `Ask.text`
 */
export async function readRepo(
  ask: Ask,
  base: string,
  { id, name, revision }: Wanted,
  signal: AbortSignal,
): Promise<HubRepo> {
  const api = `${base}/api/models/${id}`;
  const at = revision === null ? '' : `/revision/${encodeURIComponent(revision)}`;
  const info = await get(ask, api + at, name, signal);
  const { sha, gated } = isObject(info.value) ? info.value : {};
  if (typeof sha !== 'string' || !/^[0-9a-f]{40}$/.test(sha)) throw strange(id);
  const files: HubFile[] = [];
  let query = '?recursive=true';
  for (let page = 0; query !== ''; page++) {
    const { value, next } = await get(ask, `${api}/tree/${sha}${query}`, name, signal);
    if (!Array.isArray(value) || page === MAX_PAGES) throw strange(id);
    for (const entry of value) {
      const file = readEntry(entry);
      if (file) files.push(file);
    }
    if (files.length > MAX_FILES) throw strange(id);
    query = next;
  }
  return { id, sha, gated: Boolean(gated), files };
}

/** Where `base` has the file, pinned to the commit. */
export function fileAddress(base: string, { id, sha }: HubRepo, path: string): string {
  return `${base}/${id}/resolve/${sha}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

async function get(ask: Ask, url: string, name: ModelName, signal: AbortSignal) {
  const answer = await ask.text(url, MAX_ANSWER, signal, 'application/json');
  if (isAbsent(answer)) throw notHere(name, url.split('?', 1)[0]);
  refuseFault(answer, url.split('?', 1)[0]!);
  try {
    return { value: JSON.parse(answer.text) as unknown, next: nextQuery(answer.headers) };
  } catch {
    throw strange(name.model);
  }
}

/** Only the cursor of the next page is believed: its address is this host's, whatever the answer says. */
function nextQuery(headers: Headers): string {
  const next = /<([^<>]*)>\s*;\s*rel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  const query = next?.split('?', 2)[1];
  return query === undefined ? '' : `?${query}`;
}

/** Null for a folder, and for what is no file with a plain path. */
function readEntry(entry: unknown): HubFile | null {
  if (!isObject(entry) || entry.type !== 'file' || typeof entry.path !== 'string') return null;
  const plain = entry.path.length <= MAX_PATH && entry.path.split('/').every(isPlainName);
  if (!plain) return null;
  const lfs = isObject(entry.lfs) ? entry.lfs : null;
  const size = lfs?.size ?? entry.size;
  if (!Number.isSafeInteger(size) || (size as number) < 0) return null;
  return {
    path: entry.path,
    size: size as number,
    digest: parseDigest(`sha256:${String(lfs?.oid)}`),
  };
}

function strange(id: string): PaddockError {
  return new PaddockError('bad_manifest', `The hub's answer about ${id} is not understood.`);
}
