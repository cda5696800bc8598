/** Words for a fit: the verdict in a line, and the sum behind it. */
import { formatBytes, formatCount } from '#core/format';
import { formatTokens } from '#core/format-words';
import type { Fit } from '#core/fit';
import * as m from '#core/messages/catalogue';

/** `Fits, with a context of 4,096 tokens.` */
export function verdictText({ verdict, sum, missing, graphics }: Fit): string {
  switch (verdict) {
    case 'fits':
      return m.catalogue_fits({ tokens: formatTokens(sum.context) });
    case 'smaller':
      return m.catalogue_fits_smaller({ tokens: formatTokens(sum.context) });
    case 'unknown':
      return graphics
        ? m.catalogue_fit_unknown_graphics({ size: formatBytes(sum.total) })
        : m.catalogue_fit_unknown();
    case 'no':
      return m.catalogue_fit_no(missingWords(missing));
  }
}

/** What a message on lacking memory, storage or both is given. */
export function missingWords({ memory, storage }: NonNullable<Fit['missing']> = {}) {
  const what = memory ? (storage ? 'both' : 'memory') : 'storage';
  return { what, memory: formatBytes(memory ?? 0), storage: formatBytes(storage ?? 0) };
}

export interface SumLine {
  what: string;
  bytes: string;
  /** It is what the others come to, or what there is of it. */
  total?: true;
}

/** The arithmetic, a line each: what is needed, then what there is. */
export function sumLines(fit: Fit, size: number, stored: boolean): SumLine[] {
  const { storage } = fit;
  const shown = [...neededLines(fit), ...availableLines(fit)];
  if (stored) return shown;
  shown.push({ what: m.catalogue_sum_storage_needed(), bytes: formatBytes(size) });
  const free = storage === null ? m.catalogue_sum_not_said() : formatBytes(storage);
  return [...shown, { what: m.catalogue_sum_storage_free(), bytes: free }];
}

function neededLines({ sum, graphics }: Fit): SumLine[] {
  // web-llm gives one number for a model and its context.
  if (graphics === 'webllm') {
    return [
      line(m.catalogue_sum_weights_estimated(), sum.weights),
      line(m.catalogue_sum_cache_compute(), sum.compute),
      { ...line(m.catalogue_sum_needed_listed(), sum.total), total: true },
    ];
  }
  const cache = sum.byShape ? m.catalogue_sum_cache : m.catalogue_sum_cache_estimated;
  const each = { count: formatCount(sum.context), size: formatBytes(sum.cachePerToken) };
  return [
    line(m.catalogue_sum_weights(), sum.weights),
    line(cache(each), sum.cache),
    line(m.catalogue_sum_compute(), sum.compute),
    { ...line(m.catalogue_sum_needed(), sum.total), total: true },
  ];
}

function availableLines({ memory, graphics }: Fit): SumLine[] {
  if (!graphics) return [{ ...line(m.catalogue_sum_available(), memory), total: true }];
  return memory > 0
    ? [{ ...line(m.catalogue_sum_counted(), memory), total: true }]
    : [{ what: m.catalogue_sum_available(), bytes: m.catalogue_sum_not_said(), total: true }];
}

function line(what: string, bytes: number): SumLine {
  return { what, bytes: formatBytes(bytes) };
}
