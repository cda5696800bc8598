/** In place of `whatwg-fetch` (see vite.config.ts): the browser's own fetch is enough. */
export {};
