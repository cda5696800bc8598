/**
 * Whom the built site may ask: the one list behind its policy (`svelte.config.js`) and the host's own check before a
 * request (`vite.config.ts`).
 */

/** Hosts that a deployer allows beside the model hubs, space-separated. */
const extraHosts = (process.env.PADDOCK_CONNECT_SRC ?? '').split(/\s+/).filter(Boolean);

/** Sources as a content security policy has them, beside the site's own. */
export const connectSources = [
  'https://huggingface.co',
  'https://*.hf.co',
  // The libraries of MLC's models.
  'https://raw.githubusercontent.com',
  'http://localhost:*',
  'http://127.0.0.1:*',
  ...extraHosts,
];
