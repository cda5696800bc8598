/** Rows 12 to 16 of the contract where `create.test.ts` and `blobs-route.test.ts` do not prove them. */
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf } from '#core/digest';
import { smallGguf } from '../../fixtures/disk-gguf';
import { openContract, type ContractHouse, type Json } from '../../fixtures/contract-house';
import { checkCases } from './cases';

let house: ContractHouse;
beforeAll(async () => {
  house = await openContract();
});

const OTHER = `sha256:${'0'.repeat(64)}`;
const blobs = () => [...house.disk.store.committed.keys()].sort();

describe('refusals', () => {
  checkCases(
    () => house,
    [
      {
        row: '12',
        what: 'neither from nor files',
        ask: ['POST', '/api/create', { model: 'x' }],
        status: 400,
        error: "neither 'from' or 'files' was specified",
      },
      {
        row: '12',
        what: 'what can be no name',
        ask: ['POST', '/api/create', { model: '^', from: 'plain' }],
        status: 400,
        error: 'invalid model name',
      },
      {
        row: 'test 19',
        what: 'a faulty template, whatever the base',
        ask: ['POST', '/api/create', { model: 'x', from: 'plain', template: '{{ if .System }}' }],
        status: 400,
        error: /^template error: /,
      },
      {
        row: '12',
        what: 'an unknown parameter',
        ask: ['POST', '/api/create', { model: 'x', from: 'plain', parameters: { nope: 1 } }],
        status: 400,
        error: "unknown parameter 'nope'",
      },
      {
        row: '13',
        what: 'trap b: a source that is not here',
        ask: ['POST', '/api/copy', { source: 'x', destination: 'y' }],
        status: 404,
        error: 'model "x" not found',
      },
      {
        row: '13',
        what: 'a source that can be no name',
        ask: ['POST', '/api/copy', { source: '^', destination: 'y' }],
        status: 400,
        error: 'source "^" is invalid',
      },
      {
        row: '13',
        what: 'no destination',
        ask: ['POST', '/api/copy', { source: 'plain' }],
        status: 400,
        error: 'destination "" is invalid',
      },
      {
        row: '14',
        what: 'trap b: a model that is not here',
        ask: ['DELETE', '/api/delete', { model: 'x' }],
        status: 404,
        error: "model 'x' not found",
      },
      {
        row: '14',
        what: 'a model that can be no name',
        ask: ['DELETE', '/api/delete', { name: '^' }],
        status: 400,
        error: 'name "^" is invalid',
      },
      {
        row: '16',
        what: 'a digest that is none',
        ask: ['POST', '/api/blobs/sha256:1', 'x'],
        status: 400,
        error: 'invalid digest format',
      },
      {
        row: '16',
        what: 'other bytes',
        ask: ['POST', `/api/blobs/${OTHER}`, 'x'],
        status: 400,
        error: /^digest mismatch, expected "sha256:0{64}", got "sha256:[0-9a-f]{64}"$/,
      },
    ],
  );

  it('row 15: HEAD says by its status alone', async () => {
    expect(await house.ask('HEAD', `/api/blobs/${OTHER}`)).toMatchObject({ status: 404, text: '' });
    expect(await house.ask('HEAD', '/api/blobs/x')).toMatchObject({ status: 400, text: '' });
    const digest = await digestOf(smallGguf());
    expect(await house.ask('HEAD', `/api/blobs/${digest}`)).toMatchObject({
      status: 200,
      text: '',
    });
  });
});

describe('test 15: creating a model again', () => {
  it('drops what nobody has any more, and keeps what others share', async () => {
    await house.make('again', { system: 'One.', license: 'MIT' }, { seed: 9 });
    const before = blobs();
    await house.make('again', { system: 'Two.' }, { seed: 9 });
    const after = blobs();
    // The system, the licence and the configuration's layers: one system less and one more, one licence less.
    expect(after).toHaveLength(before.length - 1);
    const { body } = await house.ask('POST', '/api/show', { model: 'again' });
    expect(body).toMatchObject({ system: 'Two.' });
    expect(body).not.toHaveProperty('license');
  });
});

it('rows 13 and 14: success has an empty body', async () => {
  const copied = await house.ask('POST', '/api/copy', {
    source: 'PLAIN',
    destination: 'Other/one',
  });
  expect(copied).toMatchObject({ status: 200, text: '' });
  const names = async () => {
    const models = (await house.ask('GET', '/api/tags')).body.models as Json[];
    return models.map(({ name }) => name);
  };
  expect(await names()).toContain('Other/one:latest');
  const deleted = await house.ask('DELETE', '/api/delete', { model: 'other/ONE:Latest' });
  expect(deleted).toMatchObject({ status: 200, text: '' });
  expect(await names()).not.toContain('Other/one:latest');
});
