/** Which settings a backup has: a setting that is added and forgotten here does not compile. */
import { isSettingKey, readSettings, writeSetting, type Settings } from '$lib/storage/settings';
import { isObject } from '#core/is-object';
import { settings } from '../settings.svelte';

const KEPT: Record<keyof Settings, boolean> = {
  theme: true,
  textSize: true,
  titles: true,
  language: true,
  wrapCode: true,
  model: true,
  // A file must not allow what a person has not.
  toolApprovals: false,
  sidebar: true,
  plainKeys: true,
  toured: true,
  // A file must not open the network that somebody closed.
  networkOff: false,
};

export async function keptSettings(): Promise<object[]> {
  const values: [string, unknown][] = Object.entries(await readSettings());
  return values.filter(([key]) => isKept(key)).map(([key, value]) => ({ key, value }));
}

/** False where it is none that a backup has. @throws PaddockError */
export async function restoreSetting(value: unknown): Promise<boolean> {
  if (!isObject(value) || typeof value.key !== 'string' || !isKept(value.key)) return false;
  const { key } = value;
  // Every value is checked when it is read.
  await writeSetting(key, value.value as Settings[typeof key]);
  await settings.changed(key);
  return true;
}

function isKept(key: string): key is keyof Settings {
  return isSettingKey(key) && KEPT[key];
}
