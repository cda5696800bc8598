/** What the palette offers. */
import type { SearchResult } from '#core/search/methods';
import type { Snippet } from '#core/search/snippet';
import { wordsOf } from '#core/search/fold';
import { inEnglish } from '#core/language';
import * as m from '#core/messages/palette';
import { modelTitle } from '#core/starter';
import { chooseModel } from '$lib/state/chat-model';
import { chats } from '$lib/state/chats.svelte';
import { conversations } from '$lib/state/conversations.svelte';
import { models } from '$lib/state/models.svelte';
import { COMMANDS } from './commands';
import { otherWords, type Command } from './command';
import { goToChat } from './go';
import { here } from './here.svelte';
import { match } from './match';

export interface Item {
  id: string;
  snippet: Snippet;
  /** Where it belongs. */
  detail?: string;
  command?: Command;
  run: () => void;
}

export interface Section {
  title: string;
  items: Item[];
}

/** Chats, and messages, in one list. */
const CHATS = 6;
const MESSAGES = 8;

/** What is offered for a query; `found`: what the search of all texts had for it, as soon as that is known. */
export function sectionsFor(query: string, found: SearchResult | null): Section[] {
  const words = wordsOf(query);
  const all = [
    { title: m.palette_commands(), items: commandItems(words) },
    { title: m.palette_models(), items: modelItems(words) },
    { title: words.length === 0 ? m.palette_recent() : m.palette_chats(), items: chatItems(words) },
    { title: m.palette_messages(), items: messageItems(words, found) },
  ];
  return all.filter(({ items }) => items.length > 0);
}

function commandItems(words: readonly string[]): Item[] {
  return COMMANDS.filter((command) => command.id !== 'palette' && command.possible())
    .flatMap((command) => {
      const found = match(command.label(), otherWords(command), words);
      return found ? [{ ...found, command }] : [];
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ snippet, command }) => ({
      ...{ id: `command-${command.id}`, snippet, command },
      run: () => command.run(),
    }));
}

function modelItems(words: readonly string[]): Item[] {
  const chosen = here.chat ? here.model : models.chosen;
  return models.chats.flatMap((name) => {
    if (name === chosen) return [];
    const found = match(
      modelTitle(name),
      `${name} ${m.palette_model_words()} ${inEnglish(m.palette_model_words)}`,
      words,
    );
    if (!found) return [];
    const run = () => chooseModel(here.chat ?? chats.draft, name);
    return [{ id: `model-${name}`, snippet: found.snippet, detail: name, run }];
  });
}

/** By their titles, the newest first. */
function chatItems(words: readonly string[]): Item[] {
  const items: Item[] = [];
  for (const { id, title } of conversations.listed) {
    if (items.length === CHATS) break;
    const found = id === here.chat?.id ? null : match(title, '', words);
    if (!found) continue;
    items.push({ id: `chat-${id}`, snippet: found.snippet, run: () => goToChat(id) });
  }
  return items;
}

function messageItems(words: readonly string[], found: SearchResult | null): Item[] {
  if (words.length === 0 || !found) return [];
  return found.chats
    .flatMap(({ id, title, messages }) =>
      messages.map((message) => ({
        id: `message-${message.id}`,
        snippet: message.snippet,
        detail: title.text,
        run: () => goToChat(id, message.id),
      })),
    )
    .slice(0, MESSAGES);
}
