/** The packages that people use, in the browser, through the service worker, with the models that the site carries. */
import { openApi } from './api-client';
import { withClients } from './clients';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

// The real starter, in the place of the fake one.
test.use({ siteOptions: { dir: 'build-test' } });
test.setTimeout(180_000);

test('the package ollama finds every method here', async ({ page, site }) => {
  await openApi(page, site);
  await withClients(page);
  const seen = await page.evaluate(async () => {
    const { ollama } = globalThis.clients;
    const model = 'smollm2:135m';
    const short = { temperature: 0, num_predict: 8, seed: 1 };
    const messages = [{ role: 'user', content: 'explain quantum entanglement' }];
    const whole = await ollama.chat({ model, messages, options: short });
    let streamed = '';
    let last: unknown;
    for await (const chunk of await ollama.chat({
      model,
      messages,
      options: short,
      stream: true,
    })) {
      streamed += chunk.message.content;
      last = { done: chunk.done, reason: chunk.done_reason, tokens: chunk.eval_count };
    }
    const first = await ollama.generate({
      model,
      prompt: 'The capital of France is',
      options: short,
    });
    const raw = await ollama.generate({ model, prompt: 'One, two,', raw: true, options: short });
    const schema = {
      type: 'object',
      properties: {
        city: { type: 'string', maxLength: 20 },
        country: { enum: ['France', 'Italy'] },
      },
      required: ['city', 'country'],
      additionalProperties: false,
    };
    const told = await ollama.chat({
      ...{ model, messages: [{ role: 'user', content: 'Which city is the capital of France?' }] },
      ...{ format: schema, options: { temperature: 0, num_predict: 200 } },
    });
    const aborted = await (async () => {
      const chunks = await ollama.chat({ model, messages, stream: true });
      try {
        for await (const chunk of chunks) if (chunk.message.content) chunks.abort();
        return 'not stopped';
      } catch (error) {
        return (error as Error).name;
      }
    })();
    await ollama.create({
      model: 'brief',
      from: model,
      system: 'Be brief.',
      parameters: { seed: 7 },
    });
    await ollama.copy({ source: 'brief', destination: 'brief-copy' });
    await ollama.delete({ model: 'brief-copy' });
    const shown = await ollama.show({ model: 'brief' });
    const { models } = await ollama.list();
    const running = await ollama.ps();
    const pulled = await ollama.pull({ model: 'all-minilm:22m' });
    const sentences = [
      'A man is eating food.',
      'A man is eating a piece of bread.',
      'A cheetah is running.',
    ];
    const { embeddings } = await ollama.embed({ model: 'all-minilm:22m', input: sentences });
    const cosine = (a: number[], b: number[]) =>
      a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    const older = await ollama.embeddings({ model: 'all-minilm:22m', prompt: sentences[0]! });
    const refused = await ollama.push({ model }).catch((error: unknown) => String(error));
    return {
      whole: whole.message.content,
      streamed,
      last,
      first: {
        context: first.context?.length,
        counts: first.prompt_eval_count + first.eval_count,
      },
      raw: { text: raw.response, context: raw.context },
      told: JSON.parse(told.message.content) as unknown,
      aborted,
      shown: { system: shown.system, capabilities: shown.capabilities },
      names: models.map(({ name }) => name).sort(),
      running: running.models.map(({ name }) => name),
      pulled: pulled.status,
      near: cosine(embeddings[0]!, embeddings[1]!),
      far: cosine(embeddings[0]!, embeddings[2]!),
      older: older.embedding.length,
      version: (await ollama.version()).version,
      refused,
    };
  });
  expect(seen.whole).not.toBe('');
  expect(seen.streamed).toBe(seen.whole);
  expect(seen.last).toEqual({ done: true, reason: 'length', tokens: 8 });
  // The token that ends a reply by its length is not in the cache, and is one of those given back.
  expect(seen.first.context).toBe(seen.first.counts);
  expect(seen.raw.text).not.toBe('');
  expect(seen.raw.context).toBeUndefined();
  expect(seen.told).toEqual({
    city: expect.any(String),
    country: expect.stringMatching(/^(France|Italy)$/),
  });
  expect(seen.aborted).toBe('AbortError');
  expect(seen.shown).toMatchObject({ system: 'Be brief.', capabilities: ['completion'] });
  expect(seen.names).toEqual(['brief:latest', 'smollm2:135m']);
  expect(seen.running).toEqual(['smollm2:135m']);
  expect(seen.pulled).toBe('success');
  expect(seen.near).toBeCloseTo(0.755, 1);
  expect(seen.far).toBeLessThan(0.3);
  expect(seen.older).toBe(384);
  expect(seen.version).toMatch(/^\d+\.\d+\.\d+/);
  expect(seen.refused).toContain('push is not supported in the browser');
});

test('the package openai finds every method here', async ({ page, site }) => {
  await openApi(page, site);
  await withClients(page);
  const seen = await page.evaluate(async () => {
    const { ollama, openai } = globalThis.clients;
    const model = 'smollm2:135m';
    const messages = [{ role: 'user' as const, content: 'explain quantum entanglement' }];
    const short = { model, messages, temperature: 0, max_tokens: 8 };
    const whole = await openai.chat.completions.create(short);
    const options = { temperature: 0, num_predict: 8 };
    const native = await ollama.chat({ model, messages, options });
    const stream = await openai.chat.completions.create({
      ...{ ...short, stream: true as const },
      stream_options: { include_usage: true },
    });
    let streamed = '';
    let roles = 0;
    let total: number | undefined;
    for await (const { choices, usage } of stream) {
      streamed += choices[0]?.delta.content ?? '';
      if (choices[0]?.delta.role) roles++;
      total = usage?.total_tokens;
    }
    const schema = {
      type: 'object',
      properties: { even: { type: 'boolean' } },
      required: ['even'],
      additionalProperties: false,
    };
    const told = await openai.chat.completions.create({
      ...{
        model,
        messages: [{ role: 'user', content: 'Is four an even number?' }],
        max_tokens: 60,
      },
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    });
    const { choices } = await openai.completions.create({
      model,
      prompt: 'One, two,',
      max_tokens: 4,
    });
    await ollama.pull({ model: 'all-minilm:22m' });
    const input = ['A man is eating food.', 'A man is eating a piece of bread.'];
    const asked = { model: 'all-minilm:22m', input };
    const floats = await openai.embeddings.create({ ...asked, encoding_format: 'float' });
    const packed = await openai.embeddings.create(asked); // the package asks for base64 by itself
    const listed = [];
    for await (const { id } of openai.models.list()) listed.push(id);
    const one = await openai.models.retrieve(model);
    const missing = await openai.chat.completions
      .create({ ...short, model: 'none' })
      .catch((error: { status: number; name: string; message: string }) => ({
        ...{ status: error.status, message: error.message },
      }));
    const differences = floats.data.flatMap(({ embedding }, at) =>
      embedding.map((value, n) => Math.abs(value - packed.data[at]!.embedding[n]!)),
    );
    return {
      whole: whole.choices[0]?.message.content,
      native: native.message.content,
      reason: whole.choices[0]?.finish_reason,
      usage: whole.usage,
      streamed,
      roles,
      total,
      told: JSON.parse(told.choices[0]!.message.content!) as unknown,
      completed: choices[0]?.text,
      length: floats.data[0]?.embedding.length,
      difference: Math.max(...differences),
      listed: listed.sort(),
      one: { id: one.id, owned_by: one.owned_by },
      missing,
    };
  });
  expect(seen.whole).not.toBe('');
  expect(seen.native).toBe(seen.whole);
  expect(seen.streamed).toBe(seen.whole);
  expect(seen.reason).toBe('length');
  expect(seen.usage?.completion_tokens).toBe(8);
  expect(seen.total).toBe(seen.usage?.total_tokens);
  expect(seen.roles).toBe(1);
  expect(seen.told).toEqual({ even: expect.any(Boolean) });
  expect(seen.completed).not.toBe('');
  expect(seen.length).toBe(384);
  expect(seen.difference).toBeLessThan(1e-6);
  expect(seen.listed).toEqual(['all-minilm:22m', 'smollm2:135m']);
  expect(seen.one).toEqual({ id: 'smollm2:135m', owned_by: 'library' });
  expect(seen.missing).toMatchObject({
    status: 404,
    message: expect.stringContaining('not found'),
  });
});
