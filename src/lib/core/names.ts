/**
 * Model names as Ollama has them: `[scheme://][host/][namespace/]model[:tag][@digest]`.
 * Source of the rules and of the test vectors: ollama, types/model/name.go.
 */
export interface ModelName {
  host: string;
  namespace: string;
  model: string;
  tag: string;
}

export const DEFAULT_HOST = 'registry.ollama.ai';
export const DEFAULT_NAMESPACE = 'library';
export const DEFAULT_TAG = 'latest';

const HOST = /^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,349}$/;
const NAMESPACE = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,79}$/;
const MODEL = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,79}$/;

/** The name with its defaults filled in; null where Ollama would say `invalid model name`. */
export function parseName(text: string): ModelName | null {
  let rest = text.replace(/^[a-z]+:\/\//i, '').replace(/@sha256[:-][0-9a-fA-F]{64}$/, '');
  let tag = DEFAULT_TAG;
  const colon = rest.lastIndexOf(':');
  if (colon > rest.lastIndexOf('/')) {
    tag = rest.slice(colon + 1);
    rest = rest.slice(0, colon);
  }
  const parts = rest.split('/');
  if (parts.length > 3) return null;
  const model = parts.pop()!;
  const namespace = parts.pop() ?? DEFAULT_NAMESPACE;
  const host = parts.pop() ?? DEFAULT_HOST;
  const valid =
    HOST.test(host) && NAMESPACE.test(namespace) && MODEL.test(model) && MODEL.test(tag);
  return valid ? { host, namespace, model, tag } : null;
}

/** The shortest spelling that means the same; the tag is always kept. */
export function displayName(name: ModelName): string {
  const { host, namespace, model, tag } = name;
  const short = `${model}:${tag}`;
  if (host !== DEFAULT_HOST) return `${host}/${namespace}/${short}`;
  return namespace === DEFAULT_NAMESPACE ? short : `${namespace}/${short}`;
}

/** With all its parts. */
export function fullName({ host, namespace, model, tag }: ModelName): string {
  return `${host}/${namespace}/${model}:${tag}`;
}

/** The key that two spellings of one name share: names differ by more than case, or not at all. */
export function nameKey(name: ModelName): string {
  return fullName(name).toLowerCase();
}
