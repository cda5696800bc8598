/** Where each of Ollama's own tests, and each row and trap of its contract, is proven: a file and words of a test's name. */

/** A file of `tests/unit`, without its end, and a part of its text. */
type Proof = [file: string, words: string];

/** What is proven. */
export interface Claim {
  what: string;
  by: Proof[];
}

/** Ollama's tests, by their numbers in the list of the best forty, which has no 6, 20, 22, 26 and 35. */
export const BEST: Record<number, Claim> = {
  1: { what: 'the version, to the letter', by: [['contract/transport', '{"version":"1.2.3"}']] },
  2: { what: 'no models are an empty list', by: [['handle', 'lists nothing as an empty list']] },
  3: {
    what: 'no models in OpenAI’s list',
    by: [['openai-answers', 'are an empty list where there are none']],
  },
  4: { what: 'tags', by: [['contract/lists', 'test 4: names with their tag']] },
  5: { what: 'delete', by: [['handle', 'deletes by the deprecated name and unloads']] },
  7: { what: 'show', by: [['contract/lists', 'test 7: has its fields in their order']] },
  8: {
    what: 'vectors of length 1',
    by: [
      ['contract/embed', 'test 8: answers vectors of length 1'],
      ['api-embed', 'a vector of zeros stays one'],
    ],
  },
  9: {
    what: 'the last status without a stream',
    by: [['contract/pull-push', 'collapses to its last status']],
  },
  10: { what: 'old thoughts are dropped', by: [['render-prompt', 'are forgotten as Ollama does']] },
  11: {
    what: 'OpenAI’s list has the names of tags',
    by: [['openai-answers', 'are those of tags, by the same names']],
  },
  12: { what: 'shared layers survive', by: [['create', 'delete keeps what another model shares']] },
  13: { what: 'an empty digest', by: [['create', "files: { a: '' } }, 'invalid digest format'"]] },
  14: { what: 'a base’s layers', by: [['create', 'inherits its layers, renderer and parser']] },
  15: { what: 'layers of nobody', by: [['contract/store', 'drops what nobody has any more']] },
  16: { what: 'no system', by: [['create', 'has no system where the files came without one']] },
  17: { what: 'parameters', by: [['create', 'merges parameters key by key']] },
  18: { what: 'messages', by: [['create', 'replaces messages, template and system only']] },
  19: { what: 'faulty templates', by: [['create', 'template error: unclosed action']] },
  21: { what: 'files that are none', by: [['create', 'fewer than 4 bytes']] },
  23: {
    what: 'chat',
    by: [
      ['contract/chat', 'test 23: %j loads'],
      ['contract/chat', 'test 23: the model’s own system'],
      ['contract/chat', 'test 23: tools'],
      ['contract/chat', 'trap a: no model'],
    ],
  },
  24: {
    what: 'generate',
    by: [
      ['contract/generate', 'test 24: loads'],
      ['contract/generate', 'test 24: fills a gap'],
      ['contract/generate', 'test 24: a raw prompt as it is'],
    ],
  },
  25: { what: 'unload', by: [['contract/generate', 'test 25: unloads for keep_alive %j']] },
  27: {
    what: 'thinking and a format',
    by: [
      ['contract/chat', 'test 27: with a format'],
      ['thinking', 'a prompt ends inside a thought'],
    ],
  },
  28: {
    what: 'an error in the middle',
    by: [['contract/chat', 'test 28: an error in the middle']],
  },
  29: { what: 'whose num_ctx counts', by: [['contract/options', 'test 29: num_ctx']] },
  30: {
    what: 'the messages that a context holds',
    by: [
      ['contract/chat', 'test 30: the oldest messages go'],
      ['contract/generate', 'test 30: a prompt that is longer'],
      ['fit-messages', 'each system message stays, wherever it was'],
    ],
  },
  31: {
    what: 'reload, cancel',
    by: [
      ['scheduler', 'loads again for other load-time options'],
      ['scheduler', 'serves in the order of asking, and skips who left'],
      ['scheduler-several', 'the one with the shortest session'],
    ],
  },
  32: {
    what: 'a full memory',
    by: [
      ['recovery', 'is halved before the first word, within the request'],
      ['recovery', 'leaves alone what was asked for'],
    ],
  },
  33: {
    what: 'the grace of an hour',
    by: [['uploads', 'is one after an hour in which nobody made anything of it']],
  },
  34: { what: 'a stall', by: [['transfer-faults', 'a connection that falls silent is given up']] },
  36: {
    what: 'durations, thinking, order of arguments',
    by: [
      ['contract/keep-alive', 'keep_alive %j leaves %d ms'],
      ['contract/generate', 'of a model that does not'],
      ['contract/chat', 'with ids and arguments in their order'],
    ],
  },
  37: {
    what: 'a client’s stream',
    by: [['ollama-client-talk', 'an error before a stream and in it']],
  },
  38: {
    what: 'names and Modelfiles',
    by: [
      ['names', '_why/_the/_lucky:_stiff'],
      ['modelfile', 'comes in %s'],
    ],
  },
  39: {
    what: 'OpenAI’s streams',
    by: [
      ['openai-answers', 'tells the role once'],
      ['openai-answers', 'has one time for all'],
      ['openai-answers', 'is cut off: length'],
    ],
  },
  40: {
    what: 'a real model: by both packages, contexts that are full, vectors, many at once',
    by: [
      ['../e2e/clients.spec', 'the package ollama finds every method here'],
      ['../browser/chat-context', 'num_ctx'],
      ['../e2e/embed.spec', 'cosine'],
      ['../e2e/crowd.spec', 'leave nothing'],
    ],
  },
};

/** Endpoints by their rows, and traps by their letters. */
export const ROWS: Record<string, Claim> = {
  1: { what: 'GET /', by: [['contract/transport', 'GET and HEAD %s']] },
  2: { what: 'version', by: [['contract/transport', 'GET and HEAD %s']] },
  3: { what: 'generate', by: [['contract/generate', 'raw mode does not support']] },
  4: { what: 'chat', by: [['contract/chat', '"plain" does not support thinking']] },
  5: { what: 'embed', by: [['contract/embed', 'row 5']] },
  6: { what: 'embeddings', by: [['contract/embed', 'row 6']] },
  7: { what: 'tags', by: [['contract/lists', 'row 7']] },
  8: { what: 'show', by: [['contract/lists', 'row 8']] },
  9: { what: 'ps', by: [['contract/lists', 'row 9']] },
  '9, several': {
    what: 'longest remaining first',
    by: [['scheduler-several', 'are listed by what is left of their time']],
  },
  10: { what: 'pull', by: [['contract/pull-push', 'row 10']] },
  11: { what: 'push', by: [['contract/pull-push', 'row 11']] },
  12: { what: 'create', by: [['create', 'says each layer, writes the manifest']] },
  13: { what: 'copy', by: [['create', 'answers nothing, copies no byte']] },
  14: { what: 'delete', by: [['contract/store', 'rows 13 and 14']] },
  15: { what: 'HEAD of a blob', by: [['blobs-route', 'is stored, found, and not stored again']] },
  16: { what: 'a blob', by: [['blobs-route', 'of other bytes is refused with both digests']] },
  17: { what: 'OpenAI’s chat', by: [['openai-client', 'chats, whole and streamed']] },
  18: { what: 'OpenAI’s completions', by: [['openai-client', 'completes']] },
  19: { what: 'OpenAI’s embeddings', by: [['openai-client', 'makes vectors']] },
  20: { what: 'OpenAI’s models', by: [['openai-client', 'lists models, and finds one']] },
  a: {
    what: '404 or 400 without a model',
    by: [
      ['contract/chat', 'trap a'],
      ['contract/generate', 'trap a'],
    ],
  },
  b: {
    what: 'quotes',
    by: [
      ['contract/store', 'trap b'],
      ['contract/lists', 'trap b'],
    ],
  },
  c: { what: 'no zeros', by: [['contract/generate', 'trap c']] },
  d: { what: 'digests', by: [['contract/lists', 'trap d']] },
  e: {
    what: 'think by default',
    by: [
      ['contract/chat', 'trap e'],
      ['contract/generate', 'trap e'],
    ],
  },
  f: { what: 'keep_alive', by: [['contract/keep-alive', 'Trap f']] },
  g: { what: 'defaults of /v1', by: [['openai-requests', 'are OpenAI’s where they are absent']] },
  h: {
    what: 'done_reason',
    by: [
      ['contract/generate', 'trap h'],
      ['contract/chat', 'trap h'],
    ],
  },
  i: { what: 'a stream’s end', by: [['contract/transport', 'trap i']] },
  j: {
    what: 'errors are JSON',
    by: [['contract/cases', "toBe('application/json; charset=utf-8')"]],
  },
};
