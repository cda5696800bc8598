/** The `ollama` package against our routes: what it sends, and what it makes of the answers. */
import { Ollama } from 'ollama/browser';
import { beforeEach, expect, it, test } from 'vitest';
import { digestOf } from '#core/digest';
import { layersOf, parseManifest } from '#core/manifest';
import { parseName } from '#core/names';
import { openDiskHouse } from '../fixtures/disk-house';
import { smallGguf } from '../fixtures/disk-gguf';
import { installed, openHouse, SITE } from '../fixtures/house';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
let ollama: Ollama;
let digest: string;
beforeEach(async () => {
  disk = await openDiskHouse();
  const viaHandle = (input: RequestInfo | URL, init?: RequestInit) =>
    disk.handle(new Request(input, init));
  ollama = new Ollama({ host: SITE, fetch: viaHandle });
  const bytes = smallGguf();
  digest = await digestOf(bytes);
  await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
  await disk.post('api/create', { model: 'base', files: { 'base.gguf': digest } });
});

it('creates, shows, copies and deletes', async () => {
  const statuses: string[] = [];
  const system = 'Be brief.';
  for await (const { status } of await ollama.create({
    model: 'mine',
    from: 'base',
    system,
    parameters: { temperature: 0.5 },
    stream: true,
  })) {
    statuses.push(status);
  }
  expect(statuses.at(-1)).toBe('success');
  const shown = await ollama.show({ model: 'MINE' });
  expect(shown).toMatchObject({ system, details: { parent_model: 'base:latest' } });
  expect(shown.capabilities).toEqual(['completion']);
  await ollama.copy({ source: 'mine', destination: 'copy' });
  await ollama.delete({ model: 'mine' });
  const { models } = await ollama.list();
  expect(models.map(({ name }) => name).sort()).toEqual(['base:latest', 'copy:latest']);
  expect((await ollama.create({ model: 'last', from: 'copy' })).status).toBe('success');
});

it('makes errors of what is refused', async () => {
  await expect(ollama.show({ model: 'none' })).rejects.toMatchObject({
    status_code: 404,
    message: "model 'none:latest' not found",
  });
  await expect(ollama.copy({ source: 'none', destination: 'x' })).rejects.toMatchObject({
    message: 'model "none" not found',
  });
  await expect(
    ollama.create({ model: 'x', from: 'base', template: '{{ .System' }),
  ).rejects.toMatchObject({ status_code: 400, message: 'template error: unclosed action' });
});

test('the model’s own messages come before the chat’s, its system before all', async () => {
  const messages = JSON.stringify([
    { role: 'user', content: 'one two three' },
    { role: 'assistant', content: 'four' },
  ]);
  const house = openHouse([installed('fake', { messages, system: 'Be brief.' })]);
  const words = async (path: string, body: object) => {
    const response = await house.call('POST', path, { model: 'fake', stream: false, ...body });
    return ((await response.json()) as { prompt_eval_count: number }).prompt_eval_count;
  };
  const content = '/say Hello.';
  expect(await words('/api/chat', { messages: [{ role: 'user', content }] })).toBe(8);
  const own = [{ role: 'system', content: 'A' }];
  expect(await words('/api/chat', { messages: [...own, { role: 'user', content }] })).toBe(7);
  expect(await words('/api/generate', { prompt: content })).toBe(8);
  house.close();
});

it('keeps layers of kinds that nobody here knows, and a manifest with __proto__ harms nothing', async () => {
  const base = (await disk.registry.get(parseName('base')!))!;
  const [weights] = base.manifest.layers;
  const strange = { mediaType: 'application/vnd.ollama.image.strange', ...sizeOf(weights!) };
  const text = JSON.stringify({ ...base.manifest, layers: [weights, strange] });
  const hostile = `{"__proto__":{"polluted":true},"constructor":1,${text.slice(1)}`;
  expect(layersOf(parseManifest(hostile), 'model')).toHaveLength(1);
  const response = await disk.post('api/paddock/manifests', { name: 'odd', manifest: hostile });
  expect(response.status).toBe(200);
  expect({}).not.toHaveProperty('polluted');
  await ollama.create({ model: 'odder', from: 'odd', system: 'Hi.' });
  const { manifest } = (await disk.registry.get(parseName('odder')!))!;
  expect(manifest.layers.map(({ mediaType }) => mediaType.split('.').at(-1))).toEqual([
    'model',
    'strange',
    'system',
  ]);
  expect((await ollama.show({ model: 'odder' })).capabilities).toEqual(['completion']);
});

function sizeOf({ digest, size }: { digest: string; size: number }) {
  return { digest, size };
}
