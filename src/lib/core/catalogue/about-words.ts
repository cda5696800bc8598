/** What a model of the catalogue is for, in the spoken language. */
import { message } from '#core/language';

/** The key of `about` in `messages/<language>/abouts.json`, which the catalogue's own English need not be loaded from. */
export function aboutKey(about: string): string {
  const words = about.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `abouts_${words.join('_')}`;
}

/** `about`, the English sentence of the catalogue's data; itself where nobody translated it. */
export function aboutText(about: string): string {
  return message<void>(aboutKey(about), () => about)();
}
