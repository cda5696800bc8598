import type { Options } from 'ollama/browser';
import { setupFields, withSystem } from '#core/chat-setup';
import type { ChatSetup } from '$lib/storage/records';
import type { HistoryMessage } from './history';
import { models } from './models.svelte';
import { withFiles } from './with-files';

/**
 * What a chat sends to `/api/chat`; what is counted before is the same.
 * @throws PaddockError `bad_request` where the setup's format is no JSON object, and where files cannot be read
 */
export async function chatRequest(
  model: string,
  history: readonly HistoryMessage[],
  setup: ChatSetup,
  cpu: true | undefined,
) {
  const { options, ...fields } = setupFields(setup);
  const tools = await offered(model, setup);
  const messages = withSystem(await withFiles(history), setup);
  return {
    ...{ model, messages, ...fields, ...tools },
    options: { ...options, ...(cpu && { num_gpu: 0 }) } as Partial<Options>,
  };
}

/** A model that knows no tools would refuse the whole request for them. */
async function offered(model: string, { tools = [] }: ChatSetup) {
  if (tools.length === 0 || !models.can(model, 'tools')) return {};
  const { wireTools } = await import('#core/tools/tools');
  return { tools: wireTools(tools) };
}
