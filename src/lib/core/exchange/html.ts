/** A chat as one HTML file that asks nobody for anything: no script, its own style, pictures within. */

export interface HtmlPart {
  /** Who says it. */
  who: string;
  role: 'user' | 'assistant' | 'tool';
  /** Plain text, escaped here. */
  text?: string;
  /** Sanitised HTML, written as it is. */
  html?: string;
  thoughts?: string;
  /** `data:` addresses. */
  images: { src: string; alt: string }[];
  /** Names of other attachments. */
  files: string[];
}

const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** Plain colours: the file outlives this browser, and is opened in others. */
const STYLE = `
:root { color-scheme: light dark; --bg: #fff; --surface: #f7f7f8; --surface-2: #eeeef0; --border: #dcdce0;
  --text: #1b1b1f; --text-muted: #5d5d66; --accent: #2b5fc7; --radius: 8px; --mono: ui-monospace, monospace; }
@media (prefers-color-scheme: dark) { :root { --bg: #131316; --surface: #1b1b1f; --surface-2: #26262b;
  --border: #3a3a41; --text: #ececf0; --text-muted: #a4a4ae; --accent: #8fb1ff; } }
* { box-sizing: border-box; }
body { max-width: 760px; margin: 0 auto; padding: 24px 16px 64px; background: var(--bg); color: var(--text);
  font: 16px/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.375rem; line-height: 1.3; }
article { padding: 16px 0; border-top: 1px solid var(--border); }
article > h2 { margin: 0 0 8px; color: var(--text-muted); font-size: .8125rem; font-weight: 600; }
.plain { margin: 0; white-space: pre-wrap; }
.user .plain { padding: 12px 16px; border-radius: var(--radius); background: var(--surface-2); }
details { margin: 0 0 12px; color: var(--text-muted); }
img { max-width: 100%; height: auto; border-radius: var(--radius); }
.muted { color: var(--text-muted); font-size: .8125rem; }
`;

/** @param css of what `html` holds */
export function chatHtml(title: string, date: string, parts: HtmlPart[], css: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}${css.replace(/<\//g, '<\\/')}</style>
</head>
<body>
<h1 dir="auto">${escapeHtml(title)}</h1>
<p class="muted">${escapeHtml(date)}</p>
<main>
${parts.map(article).join('\n')}
</main>
</body>
</html>
`;
}

function article({ who, role, text, html, thoughts, images, files }: HtmlPart): string {
  const plain = (one: string) => `<p class="plain" dir="auto">${escapeHtml(one)}</p>`;
  return [
    `<article class="${role}">`,
    `<h2>${escapeHtml(who)}</h2>`,
    thoughts ? `<details><summary>Thoughts</summary>${plain(thoughts)}</details>` : '',
    ...images.map(
      ({ src, alt }) => `<p><img src="${escapeHtml(src)}" alt="${escapeHtml(alt)}"></p>`,
    ),
    ...files.map((name) => `<p class="muted">Attachment: ${escapeHtml(name)}</p>`),
    html === undefined ? '' : `<div class="markdown" dir="auto">${html}</div>`,
    text ? plain(text) : '',
    '</article>',
  ]
    .filter(Boolean)
    .join('\n');
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
