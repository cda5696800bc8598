/** Tokens to HTML. The HTML is ours alone: what the model wrote is escaped, its tags are text. */
import { Marked, type Token, type Tokens } from 'marked';
import { isImageData, safeUrl } from './links';
import { mathExtension } from './math';

/** `&` starts a reference in text, but is itself in an attribute. */
function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

const LINE_BREAK = /^<br ?\/?>/i;

// Parsing is synchronous, so one flag serves every view.
let insideLink = false;

function anchor(url: URL, content: string): string {
  const address = escapeAttribute(url.href);
  return `<a href="${address}" title="${address}" target="_blank" rel="noreferrer noopener">${content}</a>`;
}

function itemContent(item: Tokens.ListItem, blocks: (tokens: Token[]) => string): string {
  const [first, ...rest] = item.tokens;
  if (first?.type !== 'checkbox') return blocks(item.tokens.map(asParagraph));
  // A tight item holds its checkbox beside the text, a loose one inside: put it inside in both.
  const [text, ...others] = rest;
  if (!text) return blocks([{ type: 'paragraph', raw: '', tokens: [first] }]);
  const content = {
    ...text,
    type: 'paragraph',
    tokens: [first, ...((text as Tokens.Text).tokens ?? [])],
  };
  return blocks([content, ...others.map(asParagraph)]);
}

/**
 * Tight and loose items have the same DOM (the list's class tells them apart), so that an item
 * that is already shown need not be drawn again when a later one makes the list loose.
 */
function asParagraph(token: Token): Token {
  return token.type === 'text' ? { ...token, type: 'paragraph' } : token;
}

export const marked = new Marked({
  gfm: true,
  tokenizer: {
    // Nothing is HTML: tags fall through to text.
    html: () => undefined,
    tag(source) {
      // Models break lines in table cells this way, and nothing else can.
      const match = LINE_BREAK.exec(source);
      return match ? ({ type: 'br', raw: match[0] } as unknown as Tokens.Tag) : undefined;
    },
  },
  renderer: {
    html: ({ raw }) => escapeAttribute(raw),
    code({ text, lang = '' }) {
      const language = /^[\w+#.-]{1,30}/.exec(lang)?.[0] ?? '';
      const marker = language ? ` class="language-${language}"` : '';
      return `<pre><code${marker}>${escapeAttribute(text.replace(/\n$/, ''))}</code></pre>`;
    },
    list(token) {
      const tag = token.ordered ? 'ol' : 'ul';
      const start = token.ordered && token.start !== 1 ? ` start="${token.start}"` : '';
      const loose = token.loose ? ' class="loose"' : '';
      const items = token.items.map((item) => this.listitem(item)).join('');
      return `<${tag}${start}${loose}>${items}</${tag}>`;
    },
    listitem(item) {
      const task = item.task ? ' class="task"' : '';
      return `<li${task}>${itemContent(item, (tokens) => this.parser.parse(tokens))}</li>`;
    },
    table({ header, rows }) {
      const row = (cells: Tokens.TableCell[]) =>
        `<tr>${cells.map((cell) => this.tablecell(cell)).join('')}</tr>`;
      const body = rows.length > 0 ? `<tbody>${rows.map(row).join('')}</tbody>` : '';
      return `<table><thead>${row(header)}</thead>${body}</table>`;
    },
    link({ href, tokens }) {
      const url = insideLink ? null : safeUrl(href);
      const outer = insideLink;
      insideLink ||= url !== null;
      const content = this.parser.parseInline(tokens);
      insideLink = outer;
      return url ? anchor(url, content) : content;
    },
    image({ href, text }) {
      if (isImageData(href)) {
        return `<img src="${escapeAttribute(href)}" alt="${escapeAttribute(text)}">`;
      }
      // An image that loads tells its host what was said: it becomes a link that names the host.
      const url = insideLink ? null : safeUrl(href);
      const label = escapeAttribute(text || 'Image');
      return url ? anchor(url, `${label} (${escapeAttribute(url.host)})`) : label;
    },
  },
});

marked.use(mathExtension(escapeAttribute));
