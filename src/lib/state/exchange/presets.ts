/** Presets as Modelfiles, out of this device and back; weights stay where they are. */
import { toWire } from '#core/errors';
import { isObject } from '#core/is-object';
import { presetOf } from '#core/preset';
import { presetFromText, presetText } from '#core/preset-file';
import { installedModels } from '$lib/client/paddock';
import { savePreset } from '$lib/client/presets';
import { showModel } from '$lib/client/show';

export interface PresetEntry {
  name: string;
  modelfile: string;
}

/** Models that were made of another one here. @throws PaddockError */
export async function listPresets(signal: AbortSignal): Promise<PresetEntry[]> {
  const presets: PresetEntry[] = [];
  for (const { name } of await installedModels()) {
    signal.throwIfAborted();
    const shown = await showModel(name).catch(() => null); // a damaged model has nothing to say
    const from = shown?.details.parent_model;
    if (!shown || !from) continue;
    const base = await showModel(from).catch(() => null);
    presets.push({ name, modelfile: presetText(presetOf(name, from, shown, base)) });
  }
  return presets;
}

/** `lacking`: the name of the model that it is made of, and that is not here. */
export type PresetOutcome = 'new' | 'here' | 'bad' | { lacking: string };

/** @param installed names of models that are here; a made one is added @throws PaddockError `storage_full` */
export async function restorePreset(
  value: unknown,
  installed: Set<string>,
): Promise<PresetOutcome> {
  if (!isObject(value)) return 'bad';
  const { name, modelfile } = value;
  if (typeof name !== 'string' || typeof modelfile !== 'string') return 'bad';
  if (installed.has(name)) return 'here';
  try {
    const preset = presetFromText(name, modelfile);
    if (!installed.has(preset.from) && !installed.has(`${preset.from}:latest`)) {
      return { lacking: preset.from };
    }
    await savePreset(preset);
    installed.add(name);
    return 'new';
  } catch (error) {
    // A full disk is no fault of the preset: the work ends, and says why.
    if (toWire(error).code === 'storage_full') throw error;
    return 'bad';
  }
}
