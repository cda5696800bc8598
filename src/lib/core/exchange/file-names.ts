/** Names that every file system takes, and that show what they are. */

/** Bytes of UTF-8: Linux takes 255, and what is put before and behind needs room. */
const MOST_BYTES = 120;

/** Not printed, or turning the letters around them: `gpj.exe` would read `exe.jpg`. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/gu;
const REFUSED = /[<>:"/\\|?*]/g;
/** Windows's devices, whatever comes behind a point. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/** `text` as a file's name without its ending; `otherwise` where nothing of it is left. */
export function safeName(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFC')
    .replace(/\s/g, ' ')
    .replace(UNSEEN, '')
    .replace(REFUSED, '-')
    .replace(/ +/g, ' ');
  let name = '';
  let bytes = 0;
  for (const letter of plain) {
    bytes += new TextEncoder().encode(letter).length;
    if (bytes > MOST_BYTES) break;
    name += letter;
  }
  // Windows drops points and blanks at the end; a point at the start hides a file.
  name = name.replace(/^[. ]+|[. ]+$/g, '');
  if (name === '') return otherwise;
  return DEVICE.test(name) ? `_${name}` : name;
}

/** As `safeName`, and with its ending, of which eight letters stay. */
export function safeFileName(text: string, otherwise: string): string {
  const match = /^(.*)(\.\w{1,8})$/su.exec(text);
  return match ? safeName(match[1]!, otherwise) + match[2]! : safeName(text, otherwise);
}

/** `2026-03-01`, in UTC. */
export function dateName(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
