/** Tables of the contract: what is asked, and what has to come of it. */
import { expect, it } from 'vitest';
import type { ContractHouse, Json, Question } from '../../fixtures/contract-house';

export interface Case {
  /** Of the contract's tables: an endpoint's row, a trap's letter, or a test of the best forty. */
  row: string;
  what: string;
  ask: Question;
  /** 200 unless told. */
  status?: number;
  /** The error's sentence, the whole of it unless it is a pattern. */
  error?: string | RegExp;
  /** What the answer has, beside other things. */
  has?: Json;
  /** What it has not. */
  lacks?: string[];
}

/** A test each; what is an error is JSON, and the model that was asked answers a good request afterwards. */
export function checkCases(house: () => ContractHouse, cases: readonly Case[]): void {
  it.each(cases)('$row $what', async ({ ask, status = 200, error, has, lacks = [] }) => {
    const answer = await house().ask(...ask);
    expect({ status: answer.status, error: answer.body.error }).toEqual({
      status,
      error: typeof error === 'string' ? error : answer.body.error,
    });
    if (error instanceof RegExp) expect(answer.body.error).toMatch(error);
    if (error !== undefined) expect(answer.type).toBe('application/json; charset=utf-8');
    if (has) expect(answer.body).toMatchObject(has);
    for (const key of lacks) expect(answer.body).not.toHaveProperty(key);
  });
}
