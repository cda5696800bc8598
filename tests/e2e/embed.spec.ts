/** Embeddings by the API and by the page, on the real all-MiniLM that the site itself serves. */
import type { Page } from '@playwright/test';
import { call, underServiceWorker, type Answer } from './api-client';
import { expect, startChatting, test } from './site';

test.use({ serviceWorkers: 'allow' });

const MODEL = 'all-minilm:22m';

// On a quiet machine it is some 10 seconds; beside other work a text of 512 tokens takes several.
test.setTimeout(120_000);

/** The first beside each other one, as float32 has it: 0.7553, -0.1050, 0.1419 (weights here are of 8 bits). */
const SENTENCES = [
  'A man is eating food.',
  'A man is eating a piece of bread.',
  'The girl is carrying a baby.',
  'A cheetah is running behind its prey.',
];
const COSINES = [0.7553, -0.105, 0.1419];

interface Embedded {
  model: string;
  embeddings: number[][];
  total_duration: number;
  load_duration?: number;
  prompt_eval_count: number;
}

function post(page: Page, path: string, body: object): Promise<Answer> {
  return call(page, path, { method: 'POST', body: JSON.stringify(body) });
}

async function embed(page: Page, input: unknown, more: object = {}): Promise<Embedded> {
  const { status, text } = await post(page, 'api/embed', { model: MODEL, input, ...more });
  expect(status, text.slice(0, 200)).toBe(200);
  return JSON.parse(text) as Embedded;
}

async function pull(page: Page): Promise<void> {
  const { text } = await post(page, 'api/pull', { name: MODEL, stream: false });
  expect(JSON.parse(text)).toEqual({ status: 'success' });
}

async function loaded(page: Page): Promise<{ name: string; context_length: number }[]> {
  const { text } = await call(page, 'api/ps');
  return (JSON.parse(text) as { models: { name: string; context_length: number }[] }).models;
}

/** Of vectors of length 1. */
function cosine(one: number[], other: number[]): number {
  return one.reduce((sum, value, at) => sum + value * other[at]!, 0);
}

test(
  'the API embeds with a model that the site serves, beside the one that chats',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    await underServiceWorker(page);
    await pull(page);

    const made = await embed(page, SENTENCES, { keep_alive: '10m' });
    expect(made.model).toBe(MODEL);
    const [first, ...others] = made.embeddings;
    for (const vector of made.embeddings) {
      expect(vector).toHaveLength(384);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
    for (const [at, other] of others.entries()) {
      expect(Math.abs(cosine(first!, other) - COSINES[at]!)).toBeLessThan(0.02);
    }
    // [CLS] and [SEP] count: 8, 11, 9 and 12 tokens.
    expect(made.prompt_eval_count).toBe(40);
    expect(made.load_duration).toBeGreaterThan(0);
    expect(made.total_duration).toBeGreaterThan(made.load_duration!);

    const info = JSON.parse((await call(page, 'api/paddock/runners')).text) as {
      runners: { name: string; info: object }[];
    };
    expect(info.runners.find(({ name }) => name === MODEL)?.info).toMatchObject({
      engine: 'wllama',
      backend: 'wasm',
      capabilities: ['embedding'],
      bytes: { weights: 25_279_296, cache: 0 },
    });

    // The end goes, and what is left is what a text of so many words would have been.
    const long = await embed(page, 'word '.repeat(5000));
    expect(long).toMatchObject({ prompt_eval_count: 256 });
    expect(long).not.toHaveProperty('load_duration');
    const same = await embed(page, 'word '.repeat(254), { truncate: false });
    expect(cosine(long.embeddings[0]!, same.embeddings[0]!)).toBeCloseTo(1, 6);
    const refused = await post(page, 'api/embed', {
      ...{ model: MODEL, input: ['short', 'word '.repeat(5000)], truncate: false },
    });
    expect({ status: refused.status, ...(JSON.parse(refused.text) as object) }).toMatchObject({
      ...{ status: 400, error: 'the input length exceeds the context length' },
      detail: { promptTokens: 5002, contextLength: 256 },
    });

    const cut = await embed(page, SENTENCES[0], { dimensions: 64 });
    expect(cut.embeddings[0]).toHaveLength(64);
    expect(Math.hypot(...cut.embeddings[0]!)).toBeCloseTo(1, 5);

    // The older route gives the vector as the model pools it: the same direction, and not of length 1.
    const older = await post(page, 'api/embeddings', { model: MODEL, prompt: SENTENCES[0] });
    const { embedding } = JSON.parse(older.text) as { embedding: number[] };
    const length = Math.hypot(...embedding);
    expect(length).toBeGreaterThan(2);
    expect(cosine(first!, embedding) / length).toBeCloseTo(1, 6);

    for (const [path, asked, what] of [
      ['api/chat', { messages: [{ role: 'user', content: 'Hi' }] }, 'chat'],
      ['api/generate', { prompt: 'Hi' }, 'generate'],
    ] as const) {
      const answer = await post(page, path, { model: MODEL, ...asked });
      const error = `"${MODEL}" does not support ${what}`;
      expect({ status: answer.status, answer: JSON.parse(answer.text) as object }).toMatchObject({
        ...{ status: 400, answer: { error } },
      });
    }
    const chats = await post(page, 'api/embed', { model: 'smollm2:135m', input: 'a' });
    expect(JSON.parse(chats.text)).toMatchObject({
      error: 'this model does not support embeddings',
    });

    expect(await loaded(page)).toMatchObject([{ name: MODEL, context_length: 256 }]);
    // As many tokens as it was made for, where they are asked for; then it goes.
    const whole = { options: { num_ctx: 512 }, keep_alive: 0 };
    expect((await embed(page, 'word '.repeat(5000), whole)).prompt_eval_count).toBe(512);
    await expect.poll(() => loaded(page)).toEqual([]);
  },
);

test(
  '64 texts at once, and a stop that leaves the next request in peace',
  { tag: '@long' },
  async ({ page, site }) => {
    await page.goto(site.url);
    await underServiceWorker(page);
    await pull(page);
    const texts = Array.from({ length: 64 }, (_, at) => (at === 7 ? '' : `Text number ${at}.`));
    const { embeddings } = await embed(page, texts);
    expect(embeddings).toHaveLength(64);
    const [alone] = (await embed(page, texts[63])).embeddings;
    expect(cosine(embeddings[63]!, alone!)).toBeCloseTo(1, 5);
    expect(cosine(embeddings[63]!, embeddings[7]!)).toBeLessThan(0.99);

    const stopped = await page.evaluate(
      async ([model, text]) => {
        const stop = new AbortController();
        const body = JSON.stringify({ model, input: new Array(2000).fill(text) });
        const asked = fetch('api/embed', { method: 'POST', body, signal: stop.signal });
        await fetch('api/ps'); // the host has had both
        stop.abort();
        return asked.then(
          ({ status }) => String(status),
          (error: Error) => error.name,
        );
      },
      [MODEL, 'word '.repeat(200)] as const,
    );
    expect(stopped).toBe('AbortError');
    // 2,000 such texts take minutes: the next one is answered because they were stopped.
    expect((await embed(page, 'Hello.')).embeddings[0]).toHaveLength(384);
  },
);

test('the page offers it for nothing but what it is for', async ({ page, site }) => {
  await page.goto(site.url);
  await underServiceWorker(page);
  await pull(page);
  // Nothing here can be chatted with yet.
  await page.goto(site.url);
  await expect(page.getByRole('button', { name: 'Start chatting' })).toBeVisible();

  await page.getByRole('link', { name: 'Models' }).click();
  const installed = page.getByRole('table', { name: 'Installed models' });
  const row = installed.getByRole('row', { name: new RegExp(MODEL) });
  await expect(row).toContainText('embeddings');
  await expect(row).toContainText('llama.cpp');
  await expect(row.getByRole('button', { name: `Chat with ${MODEL}` })).toHaveCount(0);
  await row.getByRole('link', { name: `Details of ${MODEL}` }).click();
  await page.getByRole('button', { name: 'New preset from this' }).click();
  const form = page.getByRole('dialog', { name: `New preset from ${MODEL}` });
  await expect(form.getByLabel('Save as')).toBeVisible();
  await expect(form.getByLabel('System message')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'Benchmark' }).click();
  await expect(page.getByRole('main')).toContainText('No model that writes is on this device yet.');

  await page.getByRole('link', { name: 'API', exact: true }).click();
  const examples = page.getByRole('region', { name: 'Examples' });
  await expect(examples).toContainText('No model on this device writes text.');
  await examples.getByRole('combobox', { name: 'Task' }).selectOption('Embeddings');
  await expect(examples.getByRole('button', { name: 'Run' })).toBeEnabled();

  // Beside a model that writes it is not among those to choose from, whatever was chosen last.
  await startChatting(page, site);
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Model' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Benchmark' }).click();
  const choice = page.getByRole('checkbox', { name: MODEL });
  await expect(choice).toBeDisabled();
  await expect(page.getByRole('group', { name: 'Models' })).toContainText('It writes nothing');
});
