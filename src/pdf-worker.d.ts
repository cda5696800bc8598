/** Without types of its own; tests read what `workers/globals.d.ts` names for workers. */
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs' {
  export const WorkerMessageHandler: unknown;
}
