import { isSettingKey, readSetting, readSettings, writeSetting } from '$lib/storage/settings';
import type { Settings } from '$lib/storage/settings';
import { unsaved } from './unsaved.svelte';

const DEFAULTS: Settings = {
  theme: 'auto',
  language: 'system',
  model: null,
  networkOff: false,
  wrapCode: false,
};

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

  /** Another tab changed it; what was set here and could not be written yet stays. @throws PaddockError */
  async changed(key: string) {
    if (!isSettingKey(key) || unsaved.failed(`setting:${key}`)) return;
    const before = this.#values[key];
    const value = await readSetting(key);
    if (before === this.#values[key]) this.#values = { ...this.#values, [key]: value };
  }
}

export const settings = new DeviceSettings();
