/** Serves the sources as they are, isolated, with one model: for pages of scripts. */
import { createServer } from 'vite';

export interface SourceServer {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

/** `model` is at `/model.gguf`, the repository's files at their paths. */
export async function serveSource(model: Uint8Array): Promise<SourceServer> {
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    // Found late, a dependency would reload the page in the middle of a measurement.
    optimizeDeps: { noDiscovery: true, include: [] },
    worker: { format: 'es' },
    server: {
      port: 0,
      hmr: false,
      watch: null,
      headers: {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      },
    },
    plugins: [
      {
        name: 'model',
        configureServer: ({ middlewares }) => {
          middlewares.use('/model.gguf', (_request, response) => response.end(model));
        },
      },
    ],
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
