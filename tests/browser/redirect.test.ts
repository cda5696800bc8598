/** A token goes to the host that it was given for, and not where that host sends the browser next. */
import { expect, test } from 'vitest';
import { readBody } from '../../workers/puller/body';
import { realClock } from '../../workers/puller/clock';

/** See `tests/fixtures/redirect-plugin.ts`. */
const TOKEN_PATH = '/token-host/';

interface Seen {
  first: string | null;
  second: string | null;
}

test('a redirect to another host carries no Authorization', async () => {
  const wanted = {
    url: new URL(`${TOKEN_PATH}start`, location.href).href,
    headers: { Authorization: 'Bearer secret' },
    range: null,
    size: 5,
  };
  const tools = { fetch: fetch.bind(globalThis), clock: realClock };
  let text = '';
  for await (const bytes of readBody(wanted, tools, new AbortController().signal)) {
    text += new TextDecoder().decode(bytes);
  }
  expect(text).toBe('bytes');
  const seen = (await (await fetch(`${TOKEN_PATH}seen`)).json()) as Seen;
  expect(seen).toEqual({ first: 'Bearer secret', second: null });
});
