/** Where a message is written; undefined where no chat is shown, or its model is missing. */
export function messageBox(): HTMLTextAreaElement | undefined {
  return document.querySelector<HTMLTextAreaElement>('textarea[data-message-box]') ?? undefined;
}
