import type { WireError } from '#core/errors';
import type { MessageRecord, MessageState, ReplyStats } from '$lib/storage/records';

/** What a turn is made of. */
export type TurnRecord = Omit<MessageRecord, 'conversationId'>;

/** What of a turn may be missing. */
const OPTIONAL = [
  ...(['model', 'cpu', 'error', 'stats', 'thinking', 'thinkingMs', 'edited'] as const),
  ...(['attachments', 'toolCalls', 'toolCallId', 'toolName', 'logprobs', 'format'] as const),
  ...(['pair', 'blind', 'toolMs'] as const),
];

/** One message as the page shows it: the text and state of a reply change under the reader's eyes. */
export class Turn {
  readonly id: string;
  readonly parentId: string | null;
  readonly role: MessageRecord['role'];
  readonly createdAt: number;
  /** Whether somebody waits for the end of the tab that writes it. */
  followed = false;
  /** Whether storage has had it. */
  stored = false;
  content = $state('');
  state = $state<MessageState>('done');
  model = $state<string>();
  cpu = $state<true>();
  error = $state.raw<WireError>();
  stats = $state.raw<ReplyStats>();
  thinking = $state<string>();
  thinkingMs = $state<number>();
  edited = $state<true>();
  attachments = $state.raw<string[]>();
  toolCalls = $state.raw<MessageRecord['toolCalls']>();
  toolCallId = $state<string>();
  toolName = $state<string>();
  toolMs = $state<number>();
  format = $state<string>();
  logprobs = $state.raw<MessageRecord['logprobs']>();
  pair = $state<string>();
  blind = $state<true>();

  constructor(from: TurnRecord) {
    this.id = from.id;
    this.parentId = from.parentId;
    this.role = from.role;
    this.createdAt = from.createdAt;
    this.update(from);
  }

  /** Takes over what another tab wrote. */
  update(from: TurnRecord) {
    this.content = from.content;
    this.state = from.state;
    for (const key of OPTIONAL) Object.assign(this, { [key]: from[key] });
  }

  /** True before the first word of an answer, or of a thought, and before the first call. */
  get empty(): boolean {
    return this.content === '' && !this.thinking && !this.toolCalls;
  }

  /** True where text is missing at its end and can be asked for. */
  get unfinished(): boolean {
    if (this.role !== 'assistant' || this.state === 'streaming' || this.empty) return false;
    if (this.toolCalls) return false;
    return this.state !== 'done' || this.stats?.reason === 'length';
  }

  record(conversationId: string): MessageRecord {
    const { id, parentId, role, createdAt, content, state } = this;
    const there = OPTIONAL.filter((key) => this[key] !== undefined).map((key) => [key, this[key]]);
    return {
      ...{ id, conversationId, parentId, role, createdAt, content, state },
      ...(Object.fromEntries(there) as Partial<MessageRecord>),
    };
  }
}
