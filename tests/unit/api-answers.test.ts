/** What the service worker makes of requests and answers, as far as it needs no browser. */
import { describe, expect, it } from 'vitest';
import { PaddockError } from '#core/errors';
import type { PortAnswer } from '#core/port-answer';
import { refusal } from '../../src/service-worker/admission';
import { answerStream } from '../../src/service-worker/answer-stream';
import { formatFor } from '../../src/service-worker/formats';

describe('who may call', () => {
  const arrival = (more: object, request: object = {}) => ({
    clientId: 'a',
    resultingClientId: '',
    ...more,
    request: { mode: 'cors', destination: '', ...request } as Request,
  });

  it('is fetch from a client of ours', () => {
    expect(refusal(arrival({}))).toBeNull();
    expect(refusal(arrival({}, { mode: 'same-origin' }))).toBeNull();
  });

  it.each([
    ['a client without a name', { clientId: '' }, {}],
    ['what becomes a page', { resultingClientId: 'b' }, {}],
    ['a navigation', { resultingClientId: 'b' }, { mode: 'navigate', destination: 'document' }],
    ['a frame', {}, { mode: 'navigate', destination: 'iframe' }],
    ['a navigation that hides', {}, { mode: 'navigate' }],
    ['a beacon', {}, { mode: 'no-cors' }],
    ['an image', {}, { mode: 'no-cors', destination: 'image' }],
    ['an image that asks for leave', {}, { destination: 'image' }],
    ['a script', {}, { destination: 'script' }],
    ['a style sheet', {}, { destination: 'style' }],
  ])('is not %s', (_, event, request) => {
    expect(refusal(arrival(event, request))?.code).toBe('forbidden');
  });
});

describe('the format that a request asks for', () => {
  const body = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).buffer;

  it.each([
    ['api/chat', {}, 'application/x-ndjson'],
    ['api/chat', { stream: true }, 'application/x-ndjson'],
    ['api/chat', { stream: false }, 'application/json'],
    ['api/pull', [], 'application/x-ndjson'],
    ['api/show', { stream: true }, 'application/json'],
    ['api/embed', {}, 'application/json'],
    ['api/embeddings', {}, 'application/json'],
    ['api/paddock/storage/check', {}, 'application/x-ndjson'],
    ['api/paddock/storage/repair', { stream: false }, 'application/json'],
    ['api/paddock/storage/collect', {}, 'application/json'],
    ['v1/chat/completions', {}, 'application/json'],
    ['v1/chat/completions', { stream: true }, 'text/event-stream'],
    ['v1/completions', { stream: true }, 'text/event-stream'],
    ['v1/embeddings', { stream: true }, 'application/json'],
  ])('%s %j: %s', (path, value, type) => {
    expect(formatFor(path, body(value)).split(';')[0]).toBe(type);
  });

  it('is the default where the body cannot be read', () => {
    expect(formatFor('api/chat', null)).toBe('application/x-ndjson');
    expect(formatFor('api/paddock/blobs', new Blob(['{"stream":false}']))).toBe(
      'application/x-ndjson',
    );
    expect(formatFor('api/chat', new TextEncoder().encode('{"stream":').buffer)).toBe(
      'application/x-ndjson',
    );
  });
});

describe('a stream that fails', () => {
  const died = new PaddockError('host_died', 'The host is gone.');

  /** An answer of these pieces, then `died` or, with a `status` for an error, the end. */
  function answer(pieces: string[], status = 200): PortAnswer {
    const left = [...pieces];
    return {
      status,
      headers: [],
      hasBody: true,
      async next() {
        const piece = left.shift();
        if (piece !== undefined) return new TextEncoder().encode(piece);
        if (status < 400) throw died;
        return null;
      },
      cancel: () => Promise.resolve(),
    };
  }

  function read(from: PortAnswer | Promise<PortAnswer>, type: string, path = 'api/chat') {
    let ends = 0;
    const stream = answerStream(
      path,
      from,
      type,
      () => {},
      () => ends++,
    );
    return new Response(stream).text().then((text) => {
      expect(ends).toBe(1);
      return text;
    });
  }

  const line = '{"error":"The host is gone.","code":"host_died"}';
  const openAi = 'v1/chat/completions';
  const envelope =
    '{"error":{"message":"The host is gone.","type":"api_error","param":null,"code":null}}';

  it('ends with a line in its format', async () => {
    expect(await read(answer(['{}\n']), 'application/x-ndjson')).toBe(`{}\n${line}\n`);
    const streamed = await read(answer(['data: {}\n\n']), 'text/event-stream', openAi);
    expect(streamed).toBe(`data: {}\n\ndata: ${envelope}\n\n`);
  });

  it('breaks where there are no lines, unless nothing was sent', async () => {
    await expect(read(answer(['{"mod']), 'application/json')).rejects.toThrow('The host is gone.');
    expect(await read(answer([]), 'application/json')).toBe(line);
    expect(await read(answer([]), 'application/json', openAi)).toBe(envelope);
  });

  it('says late what would have been a status', async () => {
    const late = () => Promise.resolve(answer(['{"error":', '"no"}'], 400));
    expect(await read(late(), 'application/x-ndjson')).toBe('{"error":"no"}\n');
    expect(await read(late(), 'text/event-stream')).toBe('data: {"error":"no"}\n\n');
    expect(await read(late(), 'application/json')).toBe('{"error":"no"}');
    expect(await read(Promise.reject(died), 'application/x-ndjson')).toBe(`${line}\n`);
  });
});
