/** Makes of the messages of a file a tree that storage can hold. */
import type { ChatHead, ChatMessage } from '#core/exchange/chat';
import type { LeftOut } from '#core/exchange/left-out';

/** 1 January 2100: a later time is a mistake of units. */
const LATEST = 4_102_444_800_000;

export function isPlausibleTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= LATEST;
}

/**
 * Each id once, each parent there, no circles, times that a clock shows. Keeps the messages' order; what had to be
 * mended is counted.
 */
export function soundTree(messages: ChatMessage[], leftOut: LeftOut): ChatMessage[] {
  const byId = new Map<string, ChatMessage>();
  for (const message of messages) {
    if (byId.has(message.id)) leftOut.add('same_id');
    else byId.set(message.id, message);
  }
  const sound = [...byId.values()];
  for (const message of sound) {
    if (message.parentId === null || byId.has(message.parentId)) continue;
    message.parentId = null;
    leftOut.add('no_parent');
  }
  openCircles(sound, byId, leftOut);
  return sound;
}

/** Whoever is met again on the way up from itself begins the conversation. */
function openCircles(
  messages: ChatMessage[],
  byId: Map<string, ChatMessage>,
  leftOut: LeftOut,
): void {
  const sound = new Set<string>();
  for (const start of messages) {
    const path = new Set<string>();
    let at: ChatMessage | undefined = start;
    while (at && !sound.has(at.id)) {
      path.add(at.id);
      if (at.parentId !== null && path.has(at.parentId)) {
        at.parentId = null;
        leftOut.add('no_parent');
      }
      at = at.parentId === null ? undefined : byId.get(at.parentId);
    }
    for (const id of path) sound.add(id);
  }
}

/** The messages of the branch that is shown, from its first: up from the leaf, or from what was written last. */
export function shownBranch<M extends Pick<ChatMessage, 'id' | 'parentId' | 'createdAt'>>(
  { leaf }: Pick<ChatHead, 'leaf'>,
  messages: readonly M[],
): M[] {
  const byId = new Map(messages.map((one) => [one.id, one]));
  const last = messages.reduce<M | undefined>(
    (latest, one) => (latest && latest.createdAt > one.createdAt ? latest : one),
    undefined,
  );
  const branch: M[] = [];
  const seen = new Set<string>();
  let at = (leaf === undefined ? undefined : byId.get(leaf)) ?? last;
  while (at && !seen.has(at.id)) {
    seen.add(at.id);
    branch.push(at);
    at = at.parentId === null ? undefined : byId.get(at.parentId);
  }
  return branch.reverse();
}
