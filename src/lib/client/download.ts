/** Milliseconds in which a browser has begun to read what a link gave it. */
const READING_MS = 60_000;

/** Hands `blob` to the browser's downloads, as the file `name`. */
export function download(blob: Blob, name: string): void {
  const anchor = document.createElement('a');
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), READING_MS);
}
