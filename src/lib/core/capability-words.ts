import * as m from '#core/messages/catalogue';

/** Ollama's capabilities as people call them; others as they are. */
const WORDS = new Map([
  ['completion', m.catalogue_can_chat],
  ['embedding', m.catalogue_can_embed],
  ['insert', m.catalogue_can_insert],
  ['vision', m.catalogue_can_see],
]);

/** `completion` as `chat`. */
export function capabilityWord(capability: string): string {
  return WORDS.get(capability)?.() ?? capability;
}
