import { readSettings, writeSetting, type Settings } from '$lib/storage/settings';
import { unsaved } from './unsaved.svelte';

const DEFAULTS: Settings = { theme: 'auto', model: null, unfinishedPull: null };

/** The settings of this device; a change is seen at once and written behind. */
class DeviceSettings {
  #values = $state.raw<Settings>(DEFAULTS);

  get values() {
    return this.#values;
  }

  async load() {
    this.#values = await readSettings();
  }

  set<K extends keyof Settings>(key: K, value: Settings[K]) {
    this.#values = { ...this.#values, [key]: value };
    void unsaved.write(`setting:${key}`, () => writeSetting(key, value));
  }
}

export const settings = new DeviceSettings();
