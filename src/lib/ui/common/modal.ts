import type { Attachment } from 'svelte/attachments';

/** Shows a dialog above the rest, which is inert meanwhile, and gives the focus back when it leaves the page. */
export const modal: Attachment<HTMLDialogElement> = (dialog) => {
  const opener = document.activeElement;
  dialog.showModal();
  return () => {
    dialog.close();
    // A dialog that has left the page already gives nothing back.
    if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
  };
};
