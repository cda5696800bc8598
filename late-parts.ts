/**
 * A part of the page that few need: a module named `….late.ts`, taken by `loadLate`. Its chunk lies in a folder of
 * its own under its name, so that the offline shell leaves it out until somebody has used it.
 */
import type { Plugin } from 'vite';

const LATE = /([\w-]+)\.late\.ts$/;

/** Kit's way of naming chunks has no place for it, and wins over the configuration: this comes after both. */
export function lateParts(): Plugin {
  return {
    name: 'paddock-late-parts',
    outputOptions(options) {
      const others = options.chunkFileNames;
      // Kit's name for the chunks of the page; not those of the server's build, nor of workers.
      if (typeof others !== 'string' || !others.includes('/immutable/chunks/')) return null;
      const late = others.replace('/chunks/[hash]', '/late/[name].[hash]');
      return {
        ...options,
        chunkFileNames: ({ facadeModuleId }) => {
          const [, name] = LATE.exec(facadeModuleId ?? '') ?? [];
          return name ? late.replace('[name]', name) : others;
        },
      };
    },
  };
}
