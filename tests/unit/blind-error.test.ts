/** No error says which model it is about while names are hidden. */
import { expect, it } from 'vitest';
import { blindError } from '#core/blind-error';
import type { WireError } from '#core/errors';
import { explain } from '#core/sentences';
import { modelTitle, STARTER } from '#core/starter';

const NAMES = ['acme/chat:1b', STARTER.name];
const said = (error: WireError) => JSON.stringify([error, explain(error)]).toLowerCase();

it.each<WireError>([
  {
    ...{ code: 'model_not_found', message: 'model "acme/chat:1b" not found' },
    detail: { model: 'acme/chat:1b' },
  },
  { code: 'model_unreadable', message: 'The header of acme/chat:1b ends early.' },
  { code: 'engine_failed', message: 'Loading chat failed: Acme/Chat:q8_0 has no template' },
  { code: 'not_supported', message: `${modelTitle(STARTER.name)} cannot see images` },
  {
    ...{ code: 'out_of_memory', message: `${STARTER.name} needs more` },
    detail: { needed: 2e9, free: 1e9, offer: 'cpu', twin: 'acme/chat:gguf' },
  },
  {
    ...{ code: 'network', message: 'cut off' },
    detail: { url: 'https://hub.example/acme/chat/model.gguf' },
  },
])('$code names no model', (error) => {
  const hidden = said(blindError(error, NAMES));
  for (const name of [...NAMES, 'acme', 'chat', modelTitle(STARTER.name)]) {
    expect(hidden).not.toContain(name.toLowerCase());
  }
});

it('figures, offers and other words stay', () => {
  const error: WireError = {
    ...{ code: 'out_of_memory', message: 'The chatter needs more' },
    detail: { needed: 2e9, free: 1e9, offer: 'cpu' },
  };
  expect(blindError(error, NAMES)).toEqual(error);
  expect(explain(blindError(error, NAMES)).sentence).toContain('2 GB');
});

it('the sentence about a missing model is whole without its name', () => {
  const error: WireError = {
    ...{ code: 'model_not_found', message: '' },
    detail: { model: 'acme/chat:1b' },
  };
  expect(explain(blindError(error, NAMES)).sentence).toBe('This model is not on this device.');
});
