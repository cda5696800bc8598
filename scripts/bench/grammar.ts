/**
 * What a format costs with a vocabulary of Qwen's size, in Node: its tree, the first mask, and each token's.
 *   npm run bench:grammar -- [--tokens 300] [--seeds 3] [--json]
 * Memory is the heap behind a collection of garbage: node needs --expose-gc, which the npm script gives.
 */
import { parseArgs } from 'node:util';
import { measureGrammars } from './grammar/measure';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    tokens: { type: 'string', default: '300' },
    seeds: { type: 'string', default: '3' },
  },
});

const { tree, formats } = measureGrammars(Number(values.tokens), Number(values.seeds));
if (values.json) console.log(JSON.stringify({ tree, formats }, null, 2));
else {
  const row = (cells: readonly unknown[]) =>
    cells.map((cell, at) => String(cell).padEnd(at === 0 ? 30 : 10)).join(' ');
  console.log(`tree: ${tree.tokens} tokens, ${tree.ms} ms, ${tree.megabytes} MB`);
  console.log(row(['format', 'first ms', 'median', 'p99', 'largest', 'tokens', 'MB', 'fault']));
  for (const one of formats) {
    const { name, first, median, p99, largest, tokens, megabytes, fault } = one;
    console.log(row([name, first, median, p99, largest, tokens, megabytes, fault ?? '']));
  }
}
