/** The version in package.json; vite.config.ts defines it. */
declare const __PADDOCK_VERSION__: string;

/** Whom the site may ask, as its content security policy says: the sources of `connect-src` beside 'self'. */
declare const __PADDOCK_CONNECT_SRC__: readonly string[];
/** The exact versions of the engines in this build. */
declare const __PADDOCK_ENGINES__: { webllm: string; wllama: string };

/** Without types of its own; pdf.js takes it as it is. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: unknown;
}
