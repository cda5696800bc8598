import type { Route } from '../route';

export const root: Route = () =>
  Promise.resolve(
    new Response('Ollama is running', {
      headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    }),
  );
