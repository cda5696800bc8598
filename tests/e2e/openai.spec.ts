/** OpenAI's API through the service worker, by nothing but `fetch`: bytes, errors, stops. */
import type { Page } from '@playwright/test';
import { call, openApi, reply, type Answer } from './api-client';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

const CHAT = 'v1/chat/completions';

function chatInit(content: string, more: object = {}) {
  const body = { model: 'smollm2:135m', messages: [{ role: 'user', content }], ...more };
  return { method: 'POST', body: JSON.stringify(body) };
}

/** A streamed chat's text. */
async function stream(page: Page, content: string, more: object = {}): Promise<string> {
  const { status, headers, text } = await call(page, CHAT, {
    ...chatInit(content, { stream: true, ...more }),
  });
  expect([status, headers['content-type']]).toEqual([200, 'text/event-stream']);
  return text;
}

/** The error's type and the status, of an answer in OpenAI's envelope. */
function refusal({ status, headers, text }: Answer) {
  expect(headers['content-type']).toBe('application/json');
  const { error } = JSON.parse(text) as { error: Record<string, unknown> };
  expect(error).toEqual({
    ...{ message: expect.stringContaining(' ') as unknown, type: error.type },
    ...{ param: null, code: null },
  });
  return { status, type: error.type };
}

/** The line that a stream ends with when the engine fails. */
const FAILED =
  /data: \{"error":\{"message":"[^"]+","type":"api_error","param":null,"code":null\}\}\n\n$/;

test('a stream is events, byte for byte', async ({ page, site }) => {
  await openApi(page, site);
  const text = await stream(page, '/bytes Hé!', { stream_options: { include_usage: true } });
  const head = /"id":"chatcmpl-\d+","object":"chat.completion.chunk","created":\d+/.exec(text)?.[0];
  const event = (rest: string) =>
    `data: {${head},"model":"smollm2:135m","system_fingerprint":"fp_ollama",${rest}}\n\n`;
  const delta = (said: string, finish = 'null') =>
    event(`"choices":[{"index":0,"delta":{${said}},"finish_reason":${finish}}]`);
  expect(text).toBe(
    delta('"role":"assistant","content":"H"') +
      delta('"content":"é"') +
      delta('"content":"!"') +
      delta('', '"stop"') +
      event('"choices":[],"usage":{"prompt_tokens":2,"completion_tokens":3,"total_tokens":5}') +
      'data: [DONE]\n\n',
  );
});

test('whole answers, and the models by their names', async ({ page, site }) => {
  await openApi(page, site);
  const whole = await call(page, CHAT, chatInit('/say Hello.'));
  expect(whole.headers['content-type']).toBe('application/json');
  expect(JSON.parse(whole.text)).toMatchObject({
    object: 'chat.completion',
    choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }],
  });
  const completed = await call(page, 'v1/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'smollm2:135m', prompt: '/say Hello.' }),
  });
  expect(JSON.parse(completed.text)).toMatchObject({
    object: 'text_completion',
    choices: [{ text: 'Hello.' }],
  });

  const id = 'smollm2:135m';
  const { text } = await call(page, 'v1/models');
  expect(JSON.parse(text)).toMatchObject({ object: 'list', data: [{ id, owned_by: 'library' }] });
  for (const name of [id, encodeURIComponent(id), `library/${id}`, `library%2F${id}`]) {
    const found = await call(page, `v1/models/${name}`);
    expect(JSON.parse(found.text)).toMatchObject({ id: decodeURIComponent(name), object: 'model' });
  }
});

test('errors are in the envelope: the host’s, and the service worker’s own', async ({
  page,
  site,
}) => {
  await openApi(page, site);
  const post = (body: string) => ({ method: 'POST', body });
  const cases: [path: string, init: Parameters<typeof call>[2], status: number, type: string][] = [
    [CHAT, chatInit('', { messages: [] }), 400, 'invalid_request_error'],
    [CHAT, chatInit('/say Hi.', { model: 'none' }), 404, 'not_found_error'],
    [CHAT, post('{"model":'), 400, 'invalid_request_error'],
    ['v1/models/none', {}, 404, 'not_found_error'],
    ['v1/nothing', post('{}'), 404, 'not_found_error'],
    ['v1', {}, 404, 'not_found_error'],
    [CHAT, {}, 405, 'api_error'],
    ['v1/models', { method: 'OPTIONS' }, 405, 'api_error'],
    ['v1/models', { mode: 'no-cors' }, 403, 'api_error'], // the service worker's
  ];
  for (const [path, init, status, type] of cases) {
    expect(refusal(await call(page, path, init)), `${init?.method ?? 'GET'} ${path}`).toEqual({
      status,
      type,
    });
  }
  const head = await call(page, CHAT, { method: 'HEAD' });
  expect(head).toMatchObject({ status: 405, text: '', headers: { allow: 'POST' } });

  await reply(page, '/say Loaded.');
  expect(refusal(await call(page, CHAT, chatInit('/overflow'))).status).toBe(400);
  const broken = await stream(page, '/error');
  expect(broken).toContain('"role":"assistant"');
  expect(broken).toMatch(FAILED);
  expect(await stream(page, '/crash')).toMatch(FAILED);
  // Long after the answer began.
  expect(await stream(page, '/error-after 1500')).toMatch(FAILED);
  const late = await call(page, CHAT, chatInit('/error-after 1500'));
  expect(refusal(late)).toEqual({ status: 500, type: 'api_error' });
  expect(await stream(page, '/say Still here.')).toContain('Still here.');
});

// The scenarios would go on for minutes: an answer to the next request means that the engine did stop.
test('a stream that is aborted or left stops the engine', async ({ page, site }) => {
  await openApi(page, site);
  for (const way of ['abort', 'cancel'] as const) {
    for (const scenario of ['/slow', '/count 0.001 2']) {
      const said = await page.evaluate(
        async ([path, init, way]) => {
          const controller = new AbortController();
          const response = await fetch(path, { ...init, signal: controller.signal });
          const reader = response.body!.getReader();
          const { value } = await reader.read();
          if (way === 'abort') controller.abort();
          else await reader.cancel();
          return new TextDecoder().decode(value);
        },
        [CHAT, chatInit(scenario, { stream: true }), way] as const,
      );
      expect(said).toContain('"role":"assistant"');
      expect(await stream(page, '/say Free.')).toContain('"content":"Free."');
    }
  }
});
