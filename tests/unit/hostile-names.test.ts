/** A30: hostile digests, names and tags through every route: 400 or 404, and nothing on the device has changed. */
import { expect, it } from 'vitest';
import { digestOf } from '#core/digest';
import { openDiskHouse } from '../fixtures/disk-house';
import { smallGguf } from '../fixtures/disk-gguf';
import { SITE } from '../fixtures/house';

const HEX = 'a'.repeat(64);

const PIECES = [
  ...['../', '..', '/', '//', '\\', '\0', '%2e%2e%2f', '%00', ':', '@', '://', '?', '#', '&'],
  ...['sha256:', 'sha256-', HEX, HEX.slice(1), `${HEX}0`, 'a', 'A', '.', '-', '_', '~', ' ', '\n'],
  ...['é', '٣', '\u202e', '\ufeff', '💥', '__proto__', 'constructor', 'CON', 'nul', 'LPT1', 'C:'],
  ...['latest', 'library', 'registry.ollama.ai', 'x'.repeat(351), '{"a":1}', '<script>', "'", '"'],
];

/** The same in every run. */
function* hostile(count: number) {
  let seed = 30;
  const next = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 8;
  for (let at = 0; at < count; at++) {
    const pick = () => PIECES[next() % PIECES.length]!;
    yield Array.from({ length: 1 + (at % 4) }, pick).join('');
  }
}

const GOOD = `sha256:${HEX}`;

/** Every way in which a name or a digest comes; each would need one that is here. */
const WAYS: ((text: string) => [method: string, path: string, body?: string | object])[] = [
  (text) => ['POST', 'api/show', { model: text }],
  (text) => ['POST', 'api/chat', { model: text, messages: [] }],
  (text) => ['POST', 'api/generate', { model: text }],
  (text) => ['DELETE', 'api/delete', { model: text }],
  (text) => ['POST', 'api/copy', { source: text, destination: 'x' }],
  (text) => ['POST', 'api/copy', { source: 'here', destination: `${text}^` }],
  (text) => ['POST', 'api/create', { model: `${text}^`, from: 'here', stream: false }],
  (text) => ['POST', 'api/create', { model: 'x', from: `^${text}`, stream: false }],
  (text) => ['POST', 'api/create', { model: 'x', files: { 'a.gguf': text }, stream: false }],
  (text) => ['POST', 'api/create', { model: 'x', files: { [`../${text}`]: GOOD } }],
  (text) => ['POST', 'api/create', { model: 'x', from: 'here', adapters: { a: text } }],
  (text) => ['HEAD', `api/blobs/${encodeURIComponent(text)}`],
  (text) => ['POST', `api/blobs/${encodeURIComponent(text)}x`, 'bytes'],
  (text) => ['GET', `api/blobs/${encodeURIComponent(text)}`],
  (text) => ['POST', 'api/paddock/manifests', { name: `${text}^`, files: [] }],
  (text) => [
    'POST',
    'api/paddock/manifests',
    { name: 'x', files: [{ digest: text, kind: 'model' }] },
  ],
  (text) => ['POST', 'api/paddock/manifests', { name: 'x', manifest: manifestOf(text) }],
  (text) => ['POST', 'api/pull', { model: `${text}^`, stream: false }],
  (text) => ['POST', 'api/paddock/resolve', { model: `${text}^` }],
  (text) => ['POST', 'api/paddock/pulls', { model: `${text}^` }],
  (text) => ['POST', 'api/paddock/pulls/pause', { model: text }],
  (text) => ['POST', 'api/paddock/pulls/resume', { model: text }],
  (text) => ['POST', 'api/paddock/pulls/cancel', { model: text }],
  (text) => ['POST', 'api/paddock/storage/repair', { model: text }],
  (text) => ['POST', 'api/paddock/files', { model: text }],
  (text) => ['POST', `api/paddock/blobs?digest=${encodeURIComponent(text)}x`, 'bytes'],
];

function manifestOf(digest: string): string {
  const layer = { mediaType: 'application/vnd.ollama.image.model', digest, size: 1 };
  return JSON.stringify({ schemaVersion: 2, config: layer, layers: [layer] });
}

it('10,000 of them change nothing', async () => {
  const { house, handle, post } = await openDiskHouse();
  const bytes = smallGguf();
  const digest = await digestOf(bytes);
  await post(`api/blobs/${digest}`, new Blob([bytes]));
  expect((await post('api/create', { model: 'here', files: { a: digest } })).status).toBe(200);
  const state = async () => ({
    blobs: [...house.store.committed.keys()],
    unfinished: [...house.store.unfinished.keys()],
    manifests: await house.db.manifests(),
    ledgers: await house.db.ledgerDigests(),
    usage: await house.db.usage(),
    pulls: await (await handle(new Request(`${SITE}api/paddock/pulls`))).text(),
  });
  const before = await state();
  let at = 0;
  for (const text of hostile(10_000)) {
    const [method, path, body] = WAYS[at++ % WAYS.length]!(text);
    const given = typeof body === 'object' ? JSON.stringify(body) : body;
    const response = await handle(new Request(new URL(path, SITE), { method, body: given }));
    const answered = `${method} ${path} ${given}: ${response.status} ${await response.text()}`;
    expect([400, 404, 405], answered).toContain(response.status);
  }
  expect(await state()).toEqual(before);
}, 60_000);
