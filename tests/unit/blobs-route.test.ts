/** `/api/blobs/<digest>`, as `ollama create` uses it. */
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '#core/digest';
import { openDiskHouse } from '../fixtures/disk-house';
import { SITE } from '../fixtures/house';

let disk: Awaited<ReturnType<typeof openDiskHouse>>;
beforeEach(async () => {
  disk = await openDiskHouse();
});

const bytes = new TextEncoder().encode('some bytes of a model');
const OTHER = `sha256:${'0'.repeat(64)}`;

function head(digest: string) {
  return disk.handle(new Request(`${SITE}api/blobs/${digest}`, { method: 'HEAD' }));
}

const kept = () => [...disk.house.store.committed.keys(), ...disk.house.store.unfinished.keys()];

describe('a blob', () => {
  it('is stored, found, and not stored again', async () => {
    const digest = await digestOf(bytes);
    expect((await head(digest)).status).toBe(404);
    const first = await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
    expect({ status: first.status, text: await first.text() }).toEqual({ status: 201, text: '' });
    expect((await head(digest)).status).toBe(200);
    expect(
      (await head(digest.replace(':', '%3A').toUpperCase().replace('SHA', 'sha'))).status,
    ).toBe(200);
    expect((await disk.post(`api/blobs/${digest}`, new Blob(['other bytes']))).status).toBe(200);
    expect(await (await disk.house.store.open(digest)).text()).toBe('some bytes of a model');
  });

  it('of other bytes is refused with both digests, and nothing of it stays', async () => {
    const response = await disk.post(`api/blobs/${OTHER}`, new Blob([bytes]));
    const got = await digestOf(bytes);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: `digest mismatch, expected "${OTHER}", got "${got}"`,
    });
    expect(kept()).toEqual([]);
    expect((await head(OTHER)).status).toBe(404);
  });

  it('of no bytes is a blob too', async () => {
    const digest = await digestOf(new Uint8Array());
    expect((await disk.post(`api/blobs/${digest}`, new Blob())).status).toBe(201);
    expect((await head(digest)).status).toBe(200);
  });

  it('that is stopped leaves nothing', async () => {
    const digest = await digestOf(bytes);
    const signal = AbortSignal.abort();
    const request = new Request(`${SITE}api/blobs/${digest}`, { method: 'POST', body: bytes });
    const response = await disk.handle(new Request(request, { signal }));
    expect(response.status).toBe(499);
    expect(kept()).toEqual([]);
  });

  it('that does not fit says so', async () => {
    disk.house.space = { quota: 10, usage: 0 };
    const digest = await digestOf(bytes);
    const response = await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
    expect(await response.json()).toMatchObject({ code: 'storage_full', detail: { free: 10 } });
    expect(kept()).toEqual([]);
  });
});

it.each(['', 'x', 'sha256:', OTHER.slice(0, -1), `${OTHER}0`, '..%2f..%2fx', `${OTHER}%00`, '*'])(
  'a digest of %j is refused',
  async (digest) => {
    expect((await head(digest)).status).toBe(400);
    const response = await disk.post(`api/blobs/${digest}`, new Blob([bytes]));
    expect({ status: response.status, ...((await response.json()) as object) }).toMatchObject({
      status: 400,
      error: 'invalid digest format',
    });
    expect(kept()).toEqual([]);
  },
);

it('has other verbs refused', async () => {
  const response = await disk.handle(new Request(`${SITE}api/blobs/${OTHER}`));
  expect([response.status, response.headers.get('Allow')]).toEqual([405, 'HEAD, POST']);
});
