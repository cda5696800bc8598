import type { Example } from '../../example';

/** By file: `./chat.js`. One chunk, with the client that they use. */
export const examples = import.meta.glob<Example>('./*.js', { eager: true, import: 'default' });
