/** Presets are models: made, and made again, by Ollama's `/api/create`. */
import { createBody, type Preset } from '#core/preset';
import { openOllama } from '$lib/client/ollama';

/** Makes the model, or makes it anew where it was. @throws PaddockError */
export async function savePreset(preset: Preset): Promise<void> {
  await (await openOllama()).create({ ...createBody(preset), stream: false });
}
