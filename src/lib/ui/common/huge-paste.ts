import { TAKE_PASTE } from '#core/attachments/limits';
import * as m from '#core/messages/common';
import { toasts } from '$lib/state/toasts.svelte';

/** Keeps a text out of a field that would answer no key in time with it; it stays in the clipboard. */
export function refuseHugePaste(event: ClipboardEvent): void {
  const length = event.clipboardData?.getData('text/plain').length ?? 0;
  if (length <= TAKE_PASTE) return;
  event.preventDefault();
  toasts.show({ text: m.common_paste_too_long() });
}
