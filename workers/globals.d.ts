/** The version in package.json; vite.config.ts defines it. */
declare const __PADDOCK_VERSION__: string;
