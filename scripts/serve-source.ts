/** Serves the sources as they are, isolated, with one model: for pages of scripts. */
import { createReadStream } from 'node:fs';
import { createServer, type Plugin } from 'vite';

export interface SourceServer {
  /** Ends with a slash. */
  url: string;
  close(): Promise<void>;
}

export interface SourceOptions {
  plugins?: Plugin[];
  /** Packages that must be bundled first: those that are no ES modules. */
  bundle?: string[];
}

/** `model`, its bytes or its path, is at `/model.gguf`, the repository's files at their paths. */
export async function serveSource(
  model: Uint8Array | string,
  { plugins = [], bundle = [] }: SourceOptions = {},
): Promise<SourceServer> {
  const server = await createServer({
    configFile: false,
    logLevel: 'error',
    // What another server is bundling is not this one's.
    cacheDir: bundle.length > 0 ? 'node_modules/.vite-bundled' : undefined,
    // Found late, a dependency would reload the page in the middle of a measurement.
    optimizeDeps: { noDiscovery: true, include: bundle },
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
          middlewares.use('/model.gguf', (_request, response) => {
            if (typeof model === 'string') createReadStream(model).pipe(response);
            else response.end(model);
          });
        },
      },
      ...plugins,
    ],
  });
  await server.listen();
  return { url: server.resolvedUrls!.local[0]!, close: () => server.close() };
}
