/** Markdown source to top-level blocks, with the link definitions of earlier blocks known. */
import { Lexer, type Links, type Token, type TokensList } from 'marked';
import { inline } from './math';
import { marked } from './render';

/** Characters given to the parser since the module was loaded; tests prove the cost by it. */
export const parsed = { characters: 0 };

/**
 * A run of text above this is shown as it is: emphasis takes quadratic time in the worst case,
 * and nobody writes a paragraph of 8,000 characters by intent.
 */
export const LONGEST_RUN = 8000;

/** An image in the text itself is one word, however long. */
const IMAGE_DATA = /data:image\/[a-z]{3,4};base64,[A-Za-z0-9+/=]+/g;

/** Quotes and lists deeper than this are shown as text: each level parses its content again. */
const DEEPEST = 16;

class BlockLexer extends Lexer {
  #depth = 0;

  override blockTokens(source: string, tokens?: Token[], clipped?: boolean): Token[];
  override blockTokens(source: string, tokens?: TokensList, clipped?: boolean): TokensList;
  override blockTokens(source: string, tokens: Token[] = [], clipped = false): Token[] {
    if (this.#depth >= DEEPEST) {
      tokens.push({ type: 'paragraph', raw: source, text: source, tokens: this.inline(source) });
      // As the overridden method leaves it: a list clears it for each of its items.
      this.state.top = true;
      return tokens;
    }
    this.#depth++;
    try {
      return super.blockTokens(source, tokens, clipped);
    } finally {
      this.#depth--;
    }
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (source.replace(IMAGE_DATA, '').length <= LONGEST_RUN) {
      inline.source = source;
      return super.inlineTokens(source, tokens);
    }
    tokens.push({ type: 'text', raw: source, text: source, escaped: false });
    return tokens;
  }
}

/** Adds to `links` the definitions that `source` holds. */
export function lexBlocks(source: string, links: Links): Token[] {
  parsed.characters += source.length;
  const lexer = new BlockLexer({ ...marked.defaults });
  lexer.tokens.links = links;
  return lexer.lex(source);
}

/** Labels of the link definitions inside `tokens`, at any depth. */
export function definedIn(tokens: Token[]): string[] {
  const labels: string[] = [];
  void marked.walkTokens(tokens, (token) => {
    if (token.type === 'def') labels.push((token as { tag: string }).tag);
  });
  return labels;
}
