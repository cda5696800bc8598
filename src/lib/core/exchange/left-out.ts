/** What an import could not take, counted, and in words. */
import * as m from '#core/messages/exchange';

const SENTENCES = {
  no_text: m.exchange_left_out_no_text,
  bad_message: m.exchange_left_out_bad_message,
  system: m.exchange_left_out_system,
  same_id: m.exchange_left_out_same_id,
  no_parent: m.exchange_left_out_no_parent,
  bad_time: m.exchange_left_out_bad_time,
  bad_file: m.exchange_left_out_bad_file,
  foreign_part: m.exchange_left_out_foreign_part,
  empty_chat: m.exchange_left_out_empty_chat,
  bad_chat: m.exchange_left_out_bad_chat,
  bad_extra: m.exchange_left_out_bad_extra,
  other_file: m.exchange_left_out_other_file,
};

export type Reason = keyof typeof SENTENCES;

/** How often each thing happened. */
export class LeftOut {
  readonly counts = new Map<Reason, number>();

  add(reason: Reason, count = 1): void {
    if (count > 0) this.counts.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  list(): [Reason, number][] {
    return [...this.counts];
  }
}

export function leftOutSentence(reason: Reason, count: number): string {
  return SENTENCES[reason]({ count });
}
