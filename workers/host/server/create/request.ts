/** Reads what `/api/create` is asked for; what is wrong with the request itself is found here, in Ollama's words. */
import { parseDigest, type Digest } from '#core/digest';
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { isObject } from '#core/is-object';
import type { ModelConfig } from '#core/manifest';
import type { ModelName } from '#core/names';
import { isDeprecated, isOfKind, kindText, parameterKind } from '#core/parameters';
import { templateFault } from '#core/template/check';
import { badRequest, brief, isUnset, modelText, requireName, text, type Body } from '../body';
import { parseMessages } from '../messages';
import { readInfo } from './info';

export interface CreateRequest {
  name: ModelName;
  /** A model that is here, or can be pulled; '' where files are given. */
  from: string;
  /** By the paths that the sender has them under. */
  files: Map<string, Digest>;
  adapters: Map<string, Digest>;
  template: string;
  system: string;
  licenses: string[];
  parameters: Record<string, unknown>;
  messages: ChatMessage[];
  config: Partial<ModelConfig>;
}

/** Bytes of a text layer: what is larger is not read back. */
const MAX_TEXT = 1024 * 1024;
/** More than any model has. */
const MAX_FILES = 1000;
/** `0.14`, `0.14.0-rc1`. */
const VERSION = /^\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** @throws PaddockError `bad_request`, `invalid_name`, `not_supported` */
export async function readCreate(body: Body): Promise<CreateRequest> {
  const files = readFiles(body, 'files');
  const adapters = readFiles(body, 'adapters');
  const name = requireName(modelText(body));
  refuse(body, 'quantize', 'Create the model from a file that is quantized already.');
  refuse(body, 'draft_files', 'No engine here uses a second model.');
  const from = text(body, 'from');
  if (from === '' && files.size === 0) throw badRequest("neither 'from' or 'files' was specified");
  const template = limited(text(body, 'template'), 'template');
  const fault = await templateFault(template);
  if (fault !== null) throw badRequest(`template error: ${fault}`);
  const requires = text(body, 'requires');
  if (requires !== '' && !VERSION.test(requires)) {
    throw badRequest('requires must be a semantic version such as 0.14.0');
  }
  const words = { renderer: text(body, 'renderer'), parser: text(body, 'parser'), requires };
  const given = Object.entries(words).filter(([, value]) => value !== '');
  return {
    ...{ name, from, files, adapters, template },
    system: limited(text(body, 'system'), 'system'),
    licenses: readLicenses(body.license),
    parameters: readParameters(body.parameters),
    messages: readMessages(body.messages),
    config: { ...readInfo(body.info), ...Object.fromEntries(given) },
  };
}

function refuse(body: Body, key: string, remedy: string): void {
  if (isUnset(body[key]) || (isObject(body[key]) && Object.keys(body[key]).length === 0)) return;
  throw new PaddockError('not_supported', `"${key}" is not supported in the browser. ${remedy}`);
}

function limited(value: string, what: string): string {
  if (new TextEncoder().encode(value).length <= MAX_TEXT) return value;
  throw badRequest(`"${what}" is larger than 1 MiB`);
}

function readFiles(body: Body, key: string): Map<string, Digest> {
  const value = body[key] ?? {};
  if (!isObject(value)) throw badRequest(`"${key}" must be an object of names and digests`);
  const entries = Object.entries(value);
  if (entries.length > MAX_FILES) throw badRequest(`"${key}" has more than ${MAX_FILES} files`);
  return new Map(
    entries.map(([path, spelled]) => {
      if (!isRelative(path)) throw badRequest('file path must be relative');
      const digest = parseDigest(spelled);
      if (!digest) throw badRequest('invalid digest format');
      return [path, digest];
    }),
  );
}

function isRelative(path: string): boolean {
  return !/^[A-Za-z]:|\\/.test(path) && path.split('/').every((step) => !/^\.{0,2}$/.test(step));
}

function readLicenses(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value ?? ''];
  return list
    .map((license) => {
      if (typeof license !== 'string') throw badRequest('"license" must be a string or strings');
      return limited(license, 'license');
    })
    .filter(Boolean);
}

function readMessages(value: unknown): ChatMessage[] {
  const messages = parseMessages(value);
  if (messages.some(({ images }) => images)) throw badRequest('a model’s own messages are text');
  limited(JSON.stringify(messages), 'messages');
  return messages;
}

function readParameters(value: unknown): Record<string, unknown> {
  if (isUnset(value)) return {};
  if (!isObject(value)) throw badRequest('"parameters" must be an object');
  const known = new Map<string, unknown>();
  for (const [key, given] of Object.entries(value)) {
    if (isDeprecated(key)) {
      console.warn(`The parameter ${key} is deprecated and does nothing.`);
      continue;
    }
    const kind = parameterKind(key);
    if (!kind) throw badRequest(`unknown parameter '${brief(key)}'`);
    const typed = kind === 'array of strings' && typeof given === 'string' ? [given] : given;
    if (!isOfKind(typed, kind)) throw badRequest(`parameter "${key}" must be ${kindText(kind)}`);
    known.set(key, typed);
  }
  limited(JSON.stringify([...known]), 'parameters');
  return Object.fromEntries(known);
}
