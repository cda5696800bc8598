import type { Route } from '../handle';

export const root: Route = (request) =>
  Promise.resolve(
    new Response(request.method === 'HEAD' ? null : 'Ollama is running', {
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    }),
  );
