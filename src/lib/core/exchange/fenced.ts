/** `text` as a code block of Markdown, between fences longer than any in it. */
export function fenced(text: string, language = ''): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, one) => Math.max(most, one.length), 2);
  const fence = '`'.repeat(longest + 1);
  const word = /^[\w+#.-]{1,30}$/.test(language) ? language : '';
  return `${fence}${word}\n${text}\n${fence}`;
}
