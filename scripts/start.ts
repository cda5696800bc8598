/**
 * Serves the built site on this machine: the second half of `npm start`.
 * Usage: tsx scripts/start.ts [folder of a build]
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { serveSite } from './serve.ts';

const DEFAULT_PORT = 4173;
const dir = process.argv[2] ?? 'build';
const port = Number(process.env.PORT ?? DEFAULT_PORT);

function fail(sentence: string): never {
  console.error(sentence);
  process.exit(1);
}

if (!Number.isInteger(port) || port < 1 || port > 65_535) {
  fail(`PORT is "${process.env.PORT}". Give a number from 1 to 65535, as in PORT=8080 npm start.`);
}

if (!existsSync(join(dir, 'index.html'))) {
  fail(`${dir} holds no site. Build it first: npm run build`);
}

try {
  const site = await serveSite({ dir, port });
  console.log(`
Paddock is at ${site.url}

Open that address in Chrome, Edge, Firefox or Safari and choose "Start chatting".
The model comes from this server once; after that Paddock works without it.
Ctrl+C stops the server.
`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void site.close().then(() => process.exit(0)));
  }
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') {
    fail(
      `Port ${port} is in use. Stop what uses it, or choose another: PORT=${port + 1} npm start`,
    );
  }
  if (code === 'EACCES') {
    fail(`Port ${port} needs more rights. Choose one above 1023: PORT=8080 npm start`);
  }
  throw error;
}
