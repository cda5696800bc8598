/** Words for a fit: the verdict in a line, and the sum behind it. */
import { formatBytes, formatCount } from '#core/format';
import { formatTokens } from '#core/format-words';
import type { Fit } from '#core/fit';

/** `Fits, with a context of 4,096 tokens.` */
export function verdictText({ verdict, sum, missing, graphics }: Fit): string {
  switch (verdict) {
    case 'fits':
      return `Fits, with a context of ${formatTokens(sum.context)}.`;
    case 'smaller':
      return `Fits with a smaller context: ${formatTokens(sum.context)}.`;
    case 'unknown':
      return graphics
        ? `Not known: it needs ${formatBytes(sum.total)} of graphics memory, and browsers do not tell how much there is.`
        : 'Not known: it needs more memory than could be measured.';
    case 'no': {
      const lacks = [
        missing?.memory && `${formatBytes(missing.memory)} of memory`,
        missing?.storage && `${formatBytes(missing.storage)} of storage`,
      ].filter(Boolean);
      return `Does not fit: ${lacks.join(' and ')} missing.`;
    }
  }
}

export interface SumLine {
  what: string;
  bytes: string;
}

/** The arithmetic, a line each: what is needed, then what there is. */
export function sumLines(fit: Fit, size: number, stored: boolean): SumLine[] {
  const { storage } = fit;
  const shown = [...neededLines(fit), ...availableLines(fit)];
  if (stored) return shown;
  shown.push({ what: 'Storage needed', bytes: formatBytes(size) });
  const free = storage === null ? 'the browser does not say' : formatBytes(storage);
  return [...shown, { what: 'Storage free', bytes: free }];
}

function neededLines({ sum, graphics }: Fit): SumLine[] {
  // web-llm gives one number for a model and its context.
  if (graphics === 'webllm') {
    return lines([
      ['Weights, estimated from its parameters', sum.weights],
      ['Cache and room to compute', sum.compute],
      ['Memory needed, as WebLLM lists it', sum.total],
    ]);
  }
  const how = sum.byShape ? '' : ', estimated from its parameters';
  const perToken = formatBytes(sum.cachePerToken);
  return lines([
    ['Weights', sum.weights],
    [`Cache: ${formatCount(sum.context)} tokens × ${perToken}${how}`, sum.cache],
    ['Room to compute', sum.compute],
    ['Memory needed', sum.total],
  ]);
}

function availableLines({ memory, graphics }: Fit): SumLine[] {
  if (!graphics) return lines([['Memory available', memory]]);
  return memory > 0
    ? lines([['Memory counted: half of this device’s', memory]])
    : [{ what: 'Memory available', bytes: 'the browser does not say' }];
}

function lines(of: [what: string, bytes: number][]): SumLine[] {
  return of.map(([what, bytes]) => ({ what, bytes: formatBytes(bytes) }));
}
