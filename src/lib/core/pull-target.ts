/** What a pull is asked for: a model's name, or the address of a repository or a file. */
import type { Digest } from '#core/digest';
import { DEFAULT_NAMESPACE, DEFAULT_TAG, parseName, type ModelName } from '#core/names';
import { quantLabel } from '#core/quant-label';

/** What is said of an MLC model beside its name. */
export interface MlcWishes {
  /** Of its library: an address, or the digest of a file that is here. */
  library?: string;
  /** The digest of a library that may take the place of the one that is known from its address. */
  acceptLibrary?: Digest;
  /** Also where this device cannot run it: models go to other devices as files. */
  force?: true;
}

export interface PullTarget extends MlcWishes {
  /** What the model is called here. */
  name: ModelName;
  /** The file itself (or the hub's repository at a revision), where it is not looked up by its name. */
  url?: string;
  /** Plain HTTP is good enough: for registries on this computer. */
  insecure?: boolean;
}

/** What `target` says beside the name and the address; undefined where that is nothing. */
export function wishesOf({ library, acceptLibrary, force }: MlcWishes): MlcWishes | undefined {
  if (library === undefined && acceptLibrary === undefined && !force) return undefined;
  return {
    ...(library !== undefined && { library }),
    ...(acceptLibrary !== undefined && { acceptLibrary }),
    ...(force && { force }),
  };
}

/** The hub's own address: names may say `hf.co`. */
export const HUB_URL = 'https://huggingface.co';

const HUB_HOSTS = new Set(['huggingface.co', 'hf.co']);
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
/** A user's or a repository's name on the hub, which allows more than names do: dots in both, and 96 letters. */
const HUB_PART = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}$/;
/** Behind the name of a file that is one of several. */
const SPLIT = /-\d{5}-of-\d{5}$/;

/** True for the hub under either of its names. */
export function isHubHost(host: string): boolean {
  return HUB_HOSTS.has(host.toLowerCase());
}

/** True for this computer, with or without a port. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/**
 * Reads a name as Ollama has it, an address of the hub (a repository, `…/tree/<revision>`, `…/blob|resolve/<revision>/
 * x.gguf`), or of any other `.gguf`. `http:` stands for this computer alone, and before a name only where `insecure`.
 * Null for all else; it throws nothing.
 */
export function parsePullTarget(text: string, insecure = false): PullTarget | null {
  if (!/^https?:\/\//i.test(text)) return named(text, insecure);
  const url = parseAddress(text);
  if (!url) return null;
  if (url.protocol === 'https:' && isHubHost(url.host)) return hubTarget(url, insecure);
  if (url.protocol === 'http:' && !isLoopback(url.host)) return null;
  if (/\.gguf$/i.test(url.pathname)) return fileTarget(url);
  return url.protocol === 'http:' && !insecure ? null : named(text, insecure);
}

function named(text: string, insecure: boolean): PullTarget | null {
  const name = parseName(text);
  // The grammar of names knows hosts that no address can have, such as `a:b:c`.
  if (!name || !URL.canParse(`https://${name.host}`)) return null;
  return { name, ...(insecure && { insecure }) };
}

/** Null also for what a URL drops in silence, and for a password, which `fetch` refuses. */
function parseAddress(text: string): URL | null {
  if (/[^!-~]|\\/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username || url.password ? null : url;
}

function hubTarget(url: URL, insecure: boolean): PullTarget | null {
  const parts = segmentsOf(url);
  if (!parts) return null;
  const [user = '', repo = '', kind, revision, ...path] = parts;
  const plain = kind === undefined ? named(`${url.host}/${user}/${repo}`, insecure) : null;
  if (plain) return plain;
  if (![user, repo].every((part) => HUB_PART.test(part))) return null;
  const spelling = `${url.host}/${clean(user.replaceAll('.', '-'))}/${clean(repo)}`;
  const address = (...rest: string[]) =>
    [HUB_URL, ...[user, repo, ...rest].map(encodeURIComponent)].join('/');
  if (kind === undefined || (kind === 'tree' && revision !== undefined && path.length === 0)) {
    const target = named(spelling, insecure);
    return target && { ...target, url: address('tree', revision ?? 'main') };
  }
  if (revision === undefined) return null;
  const file = path.at(-1) ?? '';
  if (!['blob', 'resolve'].includes(kind) || !/\.gguf$/i.test(file)) return null;
  const stem = withoutEnd(file).replace(SPLIT, '');
  const target = named(`${spelling}:${quantLabel(stem) ?? (clean(stem) || DEFAULT_TAG)}`, insecure);
  return target && { ...target, url: address('resolve', revision, ...path) };
}

function fileTarget(url: URL): PullTarget | null {
  const parts = segmentsOf(url);
  const host = clean(url.host, 350);
  if (!parts || !host) return null;
  url.hash = '';
  const stem = withoutEnd(parts.at(-1)!).replace(SPLIT, '');
  const name = {
    host,
    namespace: clean(parts.at(-2)?.replaceAll('.', '-') ?? '') || DEFAULT_NAMESPACE,
    model: clean(stem) || 'model',
    tag: DEFAULT_TAG,
  };
  return { name, url: url.href };
}

/** Null where a part would be a path once it is decoded. */
function segmentsOf({ pathname }: URL): string[] | null {
  try {
    const parts = pathname.split('/').filter(Boolean).map(decodeURIComponent);
    return parts.every(isPlainName) ? parts : null;
  } catch {
    return null; // a `%` that encodes nothing
  }
}

/** True for what can be one part of a path: not empty, not `.` or `..`, without separators and control characters. */
export function isPlainName(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..' && !/[/\\\p{Cc}]/u.test(part);
}

function withoutEnd(file: string): string {
  return file.replace(/\.gguf$/i, '');
}

/** `text` in the grammar of names: other characters become `-`; empty where nothing is left. */
function clean(text: string, longest = 80): string {
  const kept = text.replace(/[^A-Za-z0-9_.:-]+/g, '-').replace(/^[^A-Za-z0-9_]+/, '');
  return (longest === 80 ? kept.replaceAll(':', '-') : kept).slice(0, longest);
}
