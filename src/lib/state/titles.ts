import { TITLE_QUESTION, TITLE_TOKENS, titleOf } from '#core/chat-title';
import { isAbort } from '#core/errors';
import { replyLock, turnLocks } from '#core/locks';
import { heldNames, whenFree } from '$lib/client/held-locks';
import { openOllama } from '$lib/client/ollama';
import { watchChanges } from '$lib/storage/changes';
import type { ChatSetup } from '$lib/storage/records';
import { chatRequest } from './chat-request';
import { conversations } from './conversations.svelte';
import { historyOf } from './history';
import { models } from './models.svelte';
import { replies } from './replies.svelte';
import { settings } from './settings.svelte';
import type { Turn } from './turn.svelte';

/** Tokens a second below which a device has better things to do. */
const SLOW = 5;

/** A chat that has gone on without a title has found its name by now. */
const MOST_REPLIES = 3;

/** Milliseconds before it would unload in which a model is left alone. */
const UNLOADS_SOON = 5000;

/** Of `Reply`, what was asked for: with other options the model would be loaded anew. */
interface Asked {
  readonly model: string;
  readonly setup: ChatSetup;
}

/** Owns the wish for a better title than the first words; whatever somebody asks of a model comes before it. */
class Titles {
  #abort: AbortController | undefined;

  constructor() {
    replies.watch(() => this.stop());
    // Another tab writes: its request must not wait either.
    watchChanges(({ type }) => {
      if (type === 'message' || type === 'messages') this.stop();
    });
  }

  /** A person asks for something: nothing of this stands before it. */
  stop() {
    this.#abort?.abort();
    this.#abort = undefined;
  }

  /**
   * A reply has ended; resolves when its chat has a title, or will have none. Never rejects.
   * @param id the conversation's
   * @param path from the first message to the reply
   */
  async replied(id: string | null, path: Turn[], asked: Asked): Promise<void> {
    if (id === null || !isNameless(id) || !isWanted(path)) return;
    this.stop();
    const abort = (this.#abort = new AbortController());
    try {
      const title = await ask(id, path, asked, abort.signal);
      if (title === null) return;
      await conversations.changed([id]); // another tab may have named it
      conversations.suggest(id, title);
    } catch (error) {
      // The first words stay: nobody waits for a title.
      if (!abort.signal.aborted && !isAbort(error)) console.warn('A chat got no title:', error);
    } finally {
      if (this.#abort === abort) this.#abort = undefined;
    }
  }
}

function isWanted(path: Turn[]): boolean {
  const last = path.at(-1);
  if (settings.values.titles !== 'model' || !last?.stats || last.toolCalls?.length) return false;
  const { state, content, stats } = last;
  if (state !== 'done' || content === '' || stats.reason !== 'stop') return false;
  const answered = path.filter(({ role }) => role === 'assistant').length;
  return answered <= MOST_REPLIES && stats.replyTokens * 1000 >= SLOW * stats.evalMs;
}

/** Neither named, nor in the trash. */
function isNameless(id: string): boolean {
  const known = conversations.find(id);
  return known !== undefined && known.titledBy === undefined;
}

async function ask(
  id: string,
  path: Turn[],
  { model, setup }: Asked,
  signal: AbortSignal,
): Promise<string | null> {
  const reply = path.at(-1)!;
  await whenFree(replyLock(reply.id));
  await whenVisible(signal);
  await models.refreshRunning();
  if (signal.aborted || !isNameless(id) || !(await isIdle(model)) || !hasRoom(reply)) return null;
  const { system, options } = setup;
  const said = historyOf(path).map(({ role, content, files }) => ({ role, content, files }));
  const request = await chatRequest(
    model,
    [...said, { role: 'user', content: TITLE_QUESTION }],
    { system, options: { ...options, num_predict: TITLE_TOKENS, temperature: 0 } },
    reply.cpu,
  );
  if (signal.aborted) return null;
  const client = await openOllama(signal);
  const fields = { think: false, truncate: false, shift: false, stream: false } as const;
  const { message, done_reason } = await client.chat({ ...request, ...fields });
  return titleOf(message.content, done_reason === 'length', path[0]?.content ?? '');
}

/** Loaded, for a while yet, and nobody waits for it. */
async function isIdle(model: string): Promise<boolean> {
  const stays = (models.expiryOf(model) ?? 0) > Date.now() + UNLOADS_SOON;
  const asked =
    models.isWriting(model) || models.activityOf(model) !== null || models.load !== null;
  if (!replies.none || !models.infoOf(model) || !stays || asked) return false;
  return (await heldNames(turnLocks(model))).length === 0;
}

/** Whether question and title have a place in the context: else it would lose what the next message needs. */
function hasRoom({ stats }: Turn): boolean {
  const used = (stats?.promptTokens ?? 0) + (stats?.replyTokens ?? 0);
  return used + TITLE_QUESTION.length / 2 + TITLE_TOKENS < (stats?.contextLength ?? Infinity);
}

/** A tab that nobody sees leaves the device alone. */
function whenVisible(signal: AbortSignal): Promise<void> {
  if (document.visibilityState === 'visible') return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState !== 'visible' && !signal.aborted) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', look, { once: true });
  });
}

export const titles = new Titles();
