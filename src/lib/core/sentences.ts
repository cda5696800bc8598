/** The edge where an error's code and figures become words: what happened and why, then what to do. */
import type { ErrorCode, ErrorDetail, WireError } from '#core/errors';
import { formatBytes, formatCount } from '#core/format';
import { STARTER } from '#core/starter';

export interface Explanation {
  /** What happened and why. */
  sentence: string;
  /** What to do about it. */
  remedy: string;
}

type Writer = (detail: ErrorDetail, message: string) => Explanation;

/** Words for `error`, with its figures where it carries them. */
export function explain(error: WireError): Explanation {
  return WRITERS[error.code](error.detail ?? {}, error.message);
}

/** Both halves as one text, for a line that has no room for two. */
export function explainInLine(error: WireError): string {
  const { sentence, remedy } = explain(error);
  return `${sentence} ${remedy}`;
}

function say(sentence: string, remedy: string): Writer {
  return () => ({ sentence, remedy });
}

const WRITERS: Record<ErrorCode, Writer> = {
  bad_request: (_, message) => ({
    sentence: `The request was not understood: ${clause(message)}.`,
    remedy: 'Change it and send it again.',
  }),
  model_not_found: (detail) => ({
    sentence: `${quoted(detail, 'model', 'This model')} is not on this device.`,
    remedy: 'Download it on the Models page, or choose another model.',
  }),
  not_in_registry: (detail) => ({
    sentence: `${detail.url ? `There is no model at ${host(detail)}` : 'This site has no model'} named ${quoted(detail, 'model', 'that')}.`,
    remedy: detail.tags
      ? `Write one of these behind the colon: ${detail.tags}.`
      : `Check the spelling and the tag, such as ${STARTER.name}.`,
  }),
  invalid_name: (detail) => ({
    sentence: `${quoted(detail, 'model', 'This')} is not a model name.`,
    remedy: `Write it as model:tag, such as ${STARTER.name}.`,
  }),
  not_supported: (_, message) => ({
    sentence: `This is not supported here: ${clause(message)}.`,
    remedy: 'Choose another model, or leave that part out.',
  }),
  model_unreadable: (_, message) => ({
    sentence: `The model's file cannot be read: ${clause(message)}.`,
    remedy: 'Repair it under Storage on the Models page, or delete it there and download it again.',
  }),
  out_of_memory: (detail, message) => {
    if (has(detail, 'offered')) {
      const remedy = `Ask for a context of at most ${count(detail.offered)} tokens (num_ctx).`;
      return { sentence: `${clause(message)}.`, remedy };
    }
    const giver = detail.backend === 'webgpu' ? 'graphics adapter' : 'browser';
    const needs = has(detail, 'weights', 'cache')
      ? `${bytes(detail.weights)} for its weights and ${bytes(detail.cache)} for its context, more`
      : 'more memory';
    return {
      sentence: has(detail, 'needed', 'free')
        ? `This model needs ${bytes(detail.needed)} and the browser gives ${bytes(detail.free)}.`
        : `This model needs ${needs} than the ${giver} gives.`,
      remedy: again(
        detail,
        has(detail, 'next_context')
          ? `Try again: it loads with a context of ${count(detail.next_context)} tokens.`
          : 'Close other tabs, or choose a smaller model.',
      ),
    };
  },
  context_exceeded: (detail) => ({
    sentence: has(detail, 'promptTokens', 'contextLength')
      ? `This prompt is ${count(detail.promptTokens)} tokens and the context holds ${count(detail.contextLength)}.`
      : 'This prompt is longer than the context holds.',
    remedy: 'Shorten it or start a new chat.',
  }),
  engine_failed: (_, message) => ({
    sentence: `The engine reported an error: ${clause(message)}.`,
    remedy: 'Try again. If it comes back, unload the model on the Models page first.',
  }),
  no_gpu: (detail) => ({
    sentence: noGpu(detail),
    remedy: withoutGpu(detail),
  }),
  device_lost: (detail) => ({
    sentence: 'The browser took the graphics adapter away, and with it the model.',
    remedy: again(detail, 'Continue or try again; the model loads anew.'),
  }),
  bad_library: (detail, message) => ({
    sentence:
      detail.recorded && detail.needed
        ? `The model's library was built for another WebLLM: ${detail.recorded}, and this is ${detail.needed}.`
        : `The model's library cannot be used: ${clause(message)}.`,
    remedy: 'Download the model again, with a library that fits.',
  }),
  library_changed: (detail) => ({
    sentence: `The model's library${detail.url ? ` at ${host(detail)}` : ''} is not the one that this device knows.`,
    remedy: 'Libraries are code: accept the new one only if you expected it.',
  }),
  runner_died: (detail) => ({
    sentence: detail.silent
      ? 'The model gave no sign of life for minutes, and was stopped.'
      : 'The model stopped in the middle: its worker ended, most often because memory ran out.',
    remedy: again(detail, 'Try again; the model loads anew. If it comes back, close other tabs.'),
  }),
  host_died: say(
    'The part of Paddock that runs models stopped. Your chats are kept.',
    'Try again, or reload the page.',
  ),
  server_busy: say('Too many requests are waiting.', 'Try again when a reply has ended.'),
  bench_running: say(
    'A benchmark runs already, perhaps in another tab.',
    'Wait for its end, or stop it there.',
  ),
  no_host: say('No tab with Paddock is open to answer.', 'Open Paddock in a tab and try again.'),
  other_version: ({ storage }) => ({
    sentence: storage
      ? 'A newer Paddock has changed the storage of this device, which this tab cannot read any more.'
      : 'Another tab runs another version of Paddock.',
    remedy: 'Reload this tab; your chats are kept.',
  }),
  too_large: (detail) => ({
    sentence: has(detail, 'limit')
      ? `The request is larger than ${bytes(detail.limit)}.`
      : 'The request is too large.',
    remedy: 'Send less at once.',
  }),
  unsupported_type: (_, message) => ({
    sentence: `The request was not understood: ${clause(message)}.`,
    remedy: 'Send JSON with Content-Type: application/json.',
  }),
  no_endpoint: (_, message) => ({
    sentence: `The request was not understood: ${clause(message)}.`,
    remedy: 'Check the path; it is Ollama’s, such as /api/chat.',
  }),
  wrong_method: (_, message) => ({
    sentence: `The request was not understood: ${clause(message)}.`,
    remedy: 'Use a method that the Allow header names.',
  }),
  forbidden: (_, message) => ({
    sentence: `This is not answered: ${clause(message)}.`,
    remedy: 'Use fetch from a page of this site.',
  }),
  network_off: (detail) => ({
    sentence: `The network is switched off, so ${host(detail)} was not asked.`,
    remedy: 'Switch it on again on the Privacy page.',
  }),
  network: (detail) => ({
    sentence: `The connection to ${host(detail)} failed or was cut off.`,
    remedy: 'Check the network and try again. What has arrived is kept.',
  }),
  no_cors: (detail) => ({
    sentence: detail.unsure
      ? `Nothing came from ${host(detail)}: it is away, or pages of other sites may not read its files (CORS).`
      : `Pages of other sites may not read the files of ${host(detail)} (CORS).`,
    remedy: 'Download the file with the browser, then import it from disk on the Models page.',
  }),
  host_not_allowed: (detail) => ({
    sentence: `This site may not ask ${host(detail)}: ${detail.instead ? 'no policy can name it' : 'its publisher has not allowed that host'}.`,
    remedy: detail.instead
      ? `Write ${detail.instead} instead.`
      : 'Whoever publishes the site can allow it with PADDOCK_CONNECT_SRC; or import the file from disk.',
  }),
  unauthorized: (detail) => ({
    sentence:
      detail.status === 401
        ? `There is no such model at ${host(detail)}, or it is only for those with a token.`
        : `This model is closed to your token, or to those without one, at ${host(detail)}.`,
    remedy: 'Accept the model’s terms on its page there, then give a token with read access.',
  }),
  rate_limited: (detail) => ({
    sentence: `Too many requests went to ${host(detail)}, which wants a pause.`,
    remedy: 'Try again in some minutes. What has arrived is kept.',
  }),
  no_gguf: (_, message) => ({
    sentence: `This repository has no file that runs here: ${clause(message)}.`,
    remedy: 'Choose a repository with GGUF files; their names often end in -GGUF.',
  }),
  ambiguous: (_, message) => ({
    sentence: `Several files match: ${clause(message)}.`,
    remedy: 'Write one of them behind the colon.',
  }),
  bad_file: (detail, message) => ({
    sentence: detail.remedy ? `${clause(message)}.` : 'This file cannot be read.',
    remedy: word(detail, 'remedy', 'Choose another file.'),
  }),
  missing: (detail) => ({
    sentence: `A file of the model is missing at ${host(detail)}.`,
    remedy: 'Try again later. If it stays so, the site was published incompletely.',
  }),
  digest_mismatch: say(
    'The data that arrived is damaged: it does not match its digest, so it was not kept.',
    'Try again. If it comes back, a proxy or the site changes the file.',
  ),
  bad_manifest: (_, message) => ({
    sentence: `The site's description of this model cannot be used: ${clause(message)}.`,
    remedy: 'Try again later. Nothing was changed on this device.',
  }),
  storage_full: (detail) => ({
    sentence: storageFull(detail),
    remedy: 'Delete a model you do not use, or free space on the disk, and try again.',
  }),
  storage_denied: say(
    'The browser refuses this site its storage.',
    'Allow site data (cookies) for this address, leave private browsing, and reload.',
  ),
  storage_missing: (detail) => ({
    sentence: `This browser has no ${word(detail, 'lacking', 'file storage (OPFS)')}.`,
    remedy: 'Use a current Chrome, Edge, Firefox or Safari, outside a private window.',
  }),
  storage_failed: ({ busy }, message) => ({
    sentence: `The browser's storage reported an error: ${clause(message)}.`,
    remedy: busy
      ? 'Close the other tabs with Paddock, one of which has it open, and try again.'
      : 'Try again. If it comes back, reload the page.',
  }),
  aborted: say('It was stopped.', 'Start it again when you like.'),
  internal: (_, message) => ({
    sentence: `Something in Paddock failed: ${clause(message)}.`,
    remedy: 'Try again, or reload the page.',
  }),
};

/** What helps after a second loss in a row, or in a load that would fail so again. */
function again({ offer, twin, times }: ErrorDetail, otherwise: string): string {
  const told = times === undefined ? '' : 'It happened again. ';
  if (offer === 'cpu') return `${told}On the CPU the model is slower, and goes on.`;
  if (offer !== 'twin') return otherwise;
  return `${told}Choose ${twin ? `“${twin}”` : 'a GGUF model'}, which runs on the CPU too.`;
}

/** Of `missing`: an adapter, a feature by its name, or a limit by its name with both figures. */
function noGpu(detail: ErrorDetail): string {
  const missing = word(detail, 'missing', 'adapter');
  if (detail.wrong) return 'This device’s graphics adapter computes this model wrong.';
  if (missing === 'adapter')
    return `This model needs WebGPU, and the browser ${detail.silent ? 'does not answer when asked for a graphics adapter' : `gives no graphics adapter${detail.gone ? ' any more' : ''}`}.`;
  const figures = has(detail, 'needed', 'given')
    ? `: it needs ${count(detail.needed)}, and this device gives ${count(detail.given)}`
    : '';
  return `This device's graphics adapter lacks ${missing} for this model${figures}.`;
}

function withoutGpu({ twin, silent, gone, wrong }: ErrorDetail): string {
  if (wrong) return 'Run it on the CPU. A newer graphics driver or browser may mend this.';
  const choose = twin
    ? `hoose “${twin}”, which does without.`
    : 'hoose a GGUF model, which runs on the CPU too.';
  if (silent) return `Restart the browser, or c${choose}`;
  if (gone) return `Try again in a few minutes, restart the browser, or c${choose}`;
  return `C${choose}`;
}

/** More than any chat takes, in bytes: a write that fails beside so much room met a full disk. */
const AMPLE = 10_000_000;

function storageFull(detail: ErrorDetail): string {
  if (has(detail, 'needed', 'free')) {
    return `This needs ${bytes(detail.needed)} of storage and ${bytes(detail.free)} are free.`;
  }
  if (has(detail, 'needed')) {
    return `This needs ${bytes(detail.needed)} of storage and the browser gives this site less.`;
  }
  if (!has(detail, 'free', 'quota')) return 'The storage that the browser gives this site is full.';
  return Number(detail.free) > AMPLE
    ? `The disk is full: the browser would give this site ${bytes(detail.free)} more.`
    : `This site's storage is full: ${bytes(detail.free)} of ${bytes(detail.quota)} are free.`;
}

/** A foreign message as the end of our sentence: no full stop of its own, never empty. */
function clause(message: string): string {
  return message.trim().replace(/[.\s]+$/, '') || 'no reason was given';
}

function has(detail: ErrorDetail, ...keys: string[]): boolean {
  return keys.every((key) => typeof detail[key] === 'number');
}

function bytes(value: ErrorDetail[string] | undefined): string {
  return formatBytes(Number(value));
}

function count(value: ErrorDetail[string] | undefined): string {
  return formatCount(Number(value));
}

function word(detail: ErrorDetail, key: string, otherwise: string): string {
  const value = detail[key];
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function quoted(detail: ErrorDetail, key: string, otherwise: string): string {
  const value = word(detail, key, '');
  return value === '' ? otherwise : `“${value}”`;
}

function host(detail: ErrorDetail): string {
  const url = word(detail, 'url', '');
  return URL.canParse(url) ? new URL(url).host : 'the site';
}
