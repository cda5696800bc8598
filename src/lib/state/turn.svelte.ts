import type { WireError } from '#core/errors';
import type { MessageRecord, MessageState, ReplyStats } from '$lib/storage/records';

/** One message as the page shows it: the text and state of a reply change under the reader's eyes. */
export class Turn {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly createdAt: number;
  /** Whether somebody waits for the end of the tab that writes it. */
  followed = false;
  content = $state('');
  state = $state<MessageState>('done');
  model = $state<string>();
  cpu = $state<true>();
  error = $state.raw<WireError>();
  stats = $state.raw<ReplyStats>();

  constructor(from: Omit<MessageRecord, 'conversationId'>) {
    this.id = from.id;
    this.role = from.role;
    this.createdAt = from.createdAt;
    this.update(from);
  }

  /** Takes over what another tab wrote. */
  update(from: Omit<MessageRecord, 'conversationId'>) {
    this.content = from.content;
    this.state = from.state;
    this.model = from.model;
    this.cpu = from.cpu;
    this.error = from.error;
    this.stats = from.stats;
  }

  /** True where text is missing at its end and can be asked for. */
  get unfinished(): boolean {
    if (this.role === 'user' || this.state === 'streaming' || this.content === '') return false;
    return this.state !== 'done' || this.stats?.reason === 'length';
  }

  record(conversationId: string): MessageRecord {
    const { id, role, createdAt, content, state, model, cpu, error, stats } = this;
    const record: MessageRecord = { id, conversationId, createdAt, role, content, state };
    if (model) record.model = model;
    if (cpu) record.cpu = cpu;
    if (error) record.error = error;
    if (stats) record.stats = stats;
    return record;
  }
}
