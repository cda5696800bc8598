/** Which requests may bring a file of any size: their bodies stay Blobs on their way through the service worker. */
import { expect, test } from 'vitest';
import { takesFile } from '#core/request-body';

test.each([
  ['api/blobs/sha256:abc', true],
  ['api/paddock/blobs', true],
  ['api/paddock/inspect', true],
  ['api/paddock/inspect/', false],
  ['api/paddock/inspector', false],
  ['api/paddock/manifests', false],
  ['api/chat', false],
  ['x/api/paddock/inspect', false],
])('%s: %s', (path, expected) => {
  expect(takesFile(path)).toBe(expected);
});
