import * as m from '#core/messages/api';

/** What the API answers, and where it differs from a server's. */
export interface RouteFacts {
  method: string;
  path: string;
  does: () => string;
  /** Where its limits are; absent: as specified. */
  limit?: () => string;
}

export const OLLAMA: readonly RouteFacts[] = [
  {
    ...{
      method: 'POST',
      path: '/api/chat',
      does: m.api_route_chat,
    },
    limit: m.api_route_chat_limit,
  },
  {
    ...{ method: 'POST', path: '/api/generate', does: m.api_route_generate },
    limit: m.api_route_generate_limit,
  },
  {
    ...{ method: 'POST', path: '/api/embed', does: m.api_route_embed },
    limit: m.api_route_embed_limit,
  },
  {
    ...{ method: 'POST', path: '/api/embeddings', does: m.api_route_embeddings },
    limit: m.api_route_embeddings_limit,
  },
  { method: 'GET', path: '/api/tags', does: m.api_route_tags },
  { method: 'GET', path: '/api/ps', does: m.api_route_ps },
  { method: 'POST', path: '/api/show', does: m.api_route_show },
  {
    ...{ method: 'POST', path: '/api/pull', does: m.api_route_pull },
    limit: m.api_route_pull_limit,
  },
  { method: 'POST', path: '/api/create', does: m.api_route_create },
  { method: 'POST', path: '/api/copy', does: m.api_route_copy },
  { method: 'DELETE', path: '/api/delete', does: m.api_route_delete },
  { method: 'HEAD, POST', path: '/api/blobs/:digest', does: m.api_route_blobs },
  { method: 'GET', path: '/api/version', does: m.api_route_version },
  {
    ...{ method: 'POST', path: '/api/push', does: m.api_route_push },
    limit: m.api_route_push_limit,
  },
];

export const OPENAI: readonly RouteFacts[] = [
  {
    ...{
      method: 'POST',
      path: '/v1/chat/completions',
      does: m.api_route_completions_chat,
    },
    limit: m.api_route_completions_chat_limit,
  },
  {
    ...{ method: 'POST', path: '/v1/completions', does: m.api_route_completions },
    limit: m.api_route_completions_limit,
  },
  {
    ...{ method: 'POST', path: '/v1/embeddings', does: m.api_route_vectors },
    limit: m.api_route_embed_limit,
  },
  { method: 'GET', path: '/v1/models', does: m.api_route_tags },
  { method: 'GET', path: '/v1/models/:model', does: m.api_route_model },
];

export const PADDOCK: readonly RouteFacts[] = [
  {
    ...{
      method: 'POST',
      path: '/api/paddock/count',
      does: m.api_route_count,
    },
    limit: m.api_route_count_limit,
  },
];
