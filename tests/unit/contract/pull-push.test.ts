/** Rows 10 and 11 of the contract, test 9 of the best forty: `/api/pull` and `/api/push`. */
import { beforeAll, describe, expect, it } from 'vitest';
import { openContract, type ContractHouse } from '../../fixtures/contract-house';
import { checkCases, type Case } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

describe('row 10: pull', () => {
  it('tells its steps in their order, and each layer by its digest', async () => {
    const { lines } = await house.ask('POST', '/api/pull', { model: 'fake' });
    const words = [...new Set(lines.map(({ status }) => status as string))];
    expect(words[0]).toBe('pulling manifest');
    expect(words.slice(-3)).toEqual(['verifying sha256 digest', 'writing manifest', 'success']);
    for (const layer of words.slice(1, -3)) expect(layer).toMatch(/^pulling [0-9a-f]{12}$/);
    const layers = lines.filter((line) => 'digest' in line);
    for (const { digest, status, total, completed = 0 } of layers) {
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(status).toBe(`pulling ${String(digest).slice(7, 19)}`);
      expect(Number(completed)).toBeLessThanOrEqual(Number(total));
    }
    expect(layers.length).toBeGreaterThan(0);
  });

  const refused = (what: string, body: object, error: Case['error'], status = 400): Case => ({
    ...{ row: '10', what, ask: ['POST', '/api/pull', { ...body }], status, error },
  });
  checkCases(
    () => house,
    [
      {
        row: 'test 9',
        what: 'collapses to its last status',
        ask: ['POST', '/api/pull', { model: 'fake', stream: false }],
        has: { status: 'success' },
      },
      refused('no model', {}, 'invalid model name'),
      refused('what can be no name', { model: '^' }, 'invalid model name'),
      refused('what can be no name, by its deprecated key', { name: '../x' }, 'invalid model name'),
      refused(
        'test 9: an unknown model',
        { model: 'nobody', stream: false },
        /^pull model manifest: /,
        500,
      ),
    ],
  );

  it('ends a stream with the error', async () => {
    const { status, lines } = await house.ask('POST', '/api/pull', { model: 'nobody' });
    expect(status).toBe(200);
    expect(lines.at(-1)!.error).toMatch(/^pull model manifest: /);
  });
});

describe('row 11: push', () => {
  const push = (what: string, body: object, status: number, error: string): Case => ({
    ...{ row: '11', what, ask: ['POST', '/api/push', { ...body }], status, error },
  });
  const none = 'push is not supported in the browser';
  checkCases(
    () => house,
    [
      push('no model', {}, 400, 'model is required'),
      push('an empty model', { model: '', name: '' }, 400, 'model is required'),
      push('a model', { model: 'plain' }, 501, none),
      push('a model by its deprecated name', { name: 'plain', stream: false }, 501, none),
      push('a model that is not here', { model: 'x' }, 501, none),
    ],
  );
});
