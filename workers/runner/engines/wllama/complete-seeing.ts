/**
 * wllama 3.8.1 takes images with chats alone, whose template it renders itself, while its worker takes them with any
 * prompt (`cmpl_req` in cpp/wllama-context.h): so the worker is asked as wllama's own `createCompletion` asks it.
 */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import { PaddockError } from '#core/errors';

interface Inside {
  proxy: {
    wllamaAction(
      name: 'completion',
      request: { _name: 'cmpl_req'; is_chat: false; data_json: string; files: Uint8Array[] },
    ): Promise<{ success: boolean; req_id: number }>;
  };
  getResponse(
    options: { onData: (chunk: never) => void; abortSignal?: AbortSignal },
    isStream: true,
    request: number,
  ): Promise<unknown>;
}

/** What stands for an image in a prompt, made by chance at each load; undefined for a model that sees none. */
export function imageMarkOf(wllama: Wllama): string | undefined {
  const { media_marker } = wllama.getLoadedContextInfo() as { media_marker?: string };
  return wllama.supportInputModality('image') ? media_marker : undefined;
}

/** As `createCompletion` with `stream`. @param files one for each mark of the prompt, PNG or JPEG */
export async function completeSeeing(
  wllama: Wllama,
  asked: Record<string, unknown>,
  files: Uint8Array[],
  reading: Parameters<Inside['getResponse']>[0],
): Promise<void> {
  const inside = wllama as unknown as Inside;
  const { success, req_id } = await inside.proxy.wllamaAction('completion', {
    ...{ _name: 'cmpl_req', is_chat: false, files },
    data_json: JSON.stringify(asked),
  });
  if (!success) throw new PaddockError('engine_failed', 'llama.cpp did not begin the reply.');
  await inside.getResponse(reading, true, req_id);
}
