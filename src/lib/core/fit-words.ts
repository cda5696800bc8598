/** Words for a fit: the verdict in a line, and the sum behind it. */
import { formatBytes, formatCount, formatTokens } from '#core/format';
import type { Fit } from '#core/fit';

/** `Fits, with a context of 4,096 tokens.` */
export function verdictText({ verdict, sum, missing }: Fit): string {
  switch (verdict) {
    case 'fits':
      return `Fits, with a context of ${formatTokens(sum.context)}.`;
    case 'smaller':
      return `Fits with a smaller context: ${formatTokens(sum.context)}.`;
    case 'unknown':
      return 'Not known: it needs more memory than could be measured.';
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
export function sumLines({ sum, memory, storage }: Fit, size: number, stored: boolean): SumLine[] {
  const how = sum.byShape ? '' : ', estimated from its parameters';
  const lines: [what: string, bytes: number][] = [
    ['Weights', sum.weights],
    [
      `Cache: ${formatCount(sum.context)} tokens × ${formatBytes(sum.cachePerToken)}${how}`,
      sum.cache,
    ],
    ['Room to compute', sum.compute],
    ['Memory needed', sum.total],
    ['Memory available', memory],
  ];
  if (!stored) lines.push(['Storage needed', size]);
  const shown = lines.map(([what, bytes]) => ({ what, bytes: formatBytes(bytes) }));
  if (stored) return shown;
  const free = storage === null ? 'the browser does not say' : formatBytes(storage);
  return [...shown, { what: 'Storage free', bytes: free }];
}
