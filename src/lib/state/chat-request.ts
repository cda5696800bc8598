import type { Options } from 'ollama/browser';
import { setupFields, withSystem } from '#core/chat-setup';
import type { ChatSetup } from '$lib/storage/records';
import type { HistoryMessage } from './history';
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
  const messages = withSystem(await withFiles(history), setup);
  return {
    ...{ model, messages, ...fields },
    options: { ...options, ...(cpu && { num_gpu: 0 }) } as Partial<Options>,
  };
}
