/** What the API answers, and where it differs from a server's. */
export interface RouteFacts {
  method: string;
  path: string;
  does: string;
  /** Where its limits are; absent: as specified. */
  limit?: string;
}

export const OLLAMA: readonly RouteFacts[] = [
  {
    ...{
      method: 'POST',
      path: '/api/chat',
      does: 'A reply to messages, streamed unless told not to.',
    },
    limit: 'Options that an engine cannot honour: unsupported_options of /api/show.',
  },
  {
    ...{ method: 'POST', path: '/api/generate', does: 'A completion of one prompt, streamed.' },
    limit: 'An empty prompt loads the model; with keep_alive 0 it unloads it.',
  },
  {
    ...{ method: 'POST', path: '/api/embed', does: 'Texts as vectors of length 1.' },
    limit: '501 for a model that makes none.',
  },
  {
    ...{ method: 'POST', path: '/api/embeddings', does: 'The same for one text: the older form.' },
    limit: 'Not brought to length 1.',
  },
  { method: 'GET', path: '/api/tags', does: 'The models on this device.' },
  { method: 'GET', path: '/api/ps', does: 'The models that are loaded.' },
  { method: 'POST', path: '/api/show', does: 'What a model is, and its Modelfile.' },
  {
    ...{ method: 'POST', path: '/api/pull', does: 'Downloads a model, with its progress.' },
    limit: 'Hosts have to allow other sites (CORS), and this site’s policy has to allow them.',
  },
  { method: 'POST', path: '/api/create', does: 'Makes a model of another, or of files.' },
  { method: 'POST', path: '/api/copy', does: 'Gives a model another name too.' },
  { method: 'DELETE', path: '/api/delete', does: 'Deletes a model.' },
  { method: 'HEAD, POST', path: '/api/blobs/:digest', does: 'Asks for a file, or stores one.' },
  { method: 'GET', path: '/api/version', does: 'Paddock’s version.' },
  {
    ...{ method: 'POST', path: '/api/push', does: 'Uploads a model.' },
    limit: '501: a browser has nowhere to push to.',
  },
];

export const OPENAI: readonly RouteFacts[] = [
  {
    ...{
      method: 'POST',
      path: '/v1/chat/completions',
      does: 'A reply to messages, streamed if told to.',
    },
    limit: 'Without tool_choice, n, user, logit_bias and images by address.',
  },
  {
    ...{ method: 'POST', path: '/v1/completions', does: 'A completion of one prompt.' },
    limit: 'The prompt is one text.',
  },
  {
    ...{ method: 'POST', path: '/v1/embeddings', does: 'Texts as vectors, as numbers or base64.' },
    limit: '501 for a model that makes none.',
  },
  { method: 'GET', path: '/v1/models', does: 'The models on this device.' },
  { method: 'GET', path: '/v1/models/:model', does: 'One of them.' },
];

export const PADDOCK: readonly RouteFacts[] = [
  {
    ...{
      method: 'POST',
      path: '/api/paddock/count',
      does: 'The tokens of a chat’s prompt, and what of it would not be read.',
    },
    limit: 'Of a loaded model; an image counts as 768 on llama.cpp.',
  },
];
