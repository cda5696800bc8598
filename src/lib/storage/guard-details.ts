/** The parts of a message that may be missing: a damaged one is left out, the message stays. */
import { isNoWebGpuReason, type RanOn } from '#core/engine-words';
import type { ErrorDetail, WireError } from '#core/errors';
import { isErrorCode } from '#core/error-codes';
import type { ReplyStats } from './records';
import { isObject } from '#core/is-object';

export function parseWireError(value: unknown): WireError | null {
  if (!isObject(value) || typeof value.message !== 'string') return null;
  const code = isErrorCode(value.code) ? value.code : 'internal';
  const detail = isObject(value.detail) ? plainValues(value.detail) : {};
  return { code, message: value.message, detail };
}

export function parseStats(value: unknown): ReplyStats | null {
  if (!isObject(value)) return null;
  const replyTokens = figure(value.replyTokens);
  const evalMs = figure(value.evalMs);
  if (replyTokens === undefined || evalMs === undefined) return null;
  const { measured, reason } = value;
  return {
    measured: measured === 'engine' ? 'engine' : 'page',
    reason: reason === 'stop' || reason === 'length' ? reason : 'stopped',
    replyTokens,
    evalMs,
    promptTokens: figure(value.promptTokens),
    firstTokenMs: figure(value.firstTokenMs),
    loadMs: figure(value.loadMs),
    ranOn: parseRanOn(value.ranOn),
    contextLength: figure(value.contextLength),
  };
}

function parseRanOn(value: unknown): RanOn | undefined {
  if (!isObject(value)) return undefined;
  const { engine, backend, threads, adapter, noWebGpu } = value;
  if (typeof engine !== 'string' || (backend !== 'webgpu' && backend !== 'wasm')) return undefined;
  return {
    engine,
    backend,
    threads: figure(threads) ?? 1,
    ...(typeof adapter === 'string' ? { adapter } : {}),
    ...(isNoWebGpuReason(noWebGpu) ? { noWebGpu } : {}),
  };
}

function plainValues(value: Record<string, unknown>): ErrorDetail {
  const plain = Object.entries(value).filter(([, item]) =>
    ['string', 'number', 'boolean'].includes(typeof item),
  );
  return Object.fromEntries(plain) as ErrorDetail;
}

function figure(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
