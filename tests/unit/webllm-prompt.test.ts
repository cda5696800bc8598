/** How a chat becomes what an MLC model reads. */
import { describe, expect, it } from 'vitest';
import type { ConversationTemplate } from '../../workers/runner/engines/webllm/conversation';
import { toPrompt } from '../../workers/runner/engines/webllm/prompt';
import { renderChat } from '../../workers/runner/engines/webllm/render';

const TEMPLATE: ConversationTemplate = {
  system_template: '<s>{system_message}</s>',
  system_message: 'Be kind.',
  roles: { user: 'U', assistant: 'A', tool: 'T' },
  role_templates: { user: '[{user_message}{function_string}]', assistant: '{assistant_message}' },
  seps: ['|', '$'],
  role_content_sep: ': ',
  role_empty_sep: ':',
  stop_str: [],
  stop_token_ids: [],
};

describe('a chat', () => {
  it('has the template’s own system text, a piece a message, and the reply’s beginning', () => {
    const pieces = renderChat(TEMPLATE, [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Bye' },
    ]);
    expect(pieces).toEqual(['<s>Be kind.</s>', 'U: [Hi]|', 'A: Hello$', 'U: [Bye]|', 'A:']);
  });

  it('ends each message as its role’s end, also where the roles do not take turns', () => {
    const pieces = renderChat(TEMPLATE, [
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Add' },
      { role: 'tool', content: '4' },
      { role: 'tool', content: '5' },
      { role: 'assistant', content: 'Nine' },
      { role: 'user', content: 'Bye' },
    ]);
    const said = ['A: Hello$', 'U: [Add]|', 'T: 4|', 'T: 5|', 'A: Nine$', 'U: [Bye]|'];
    expect(pieces.slice(1, -1)).toEqual(said);
  });

  it('takes what people write as it is', () => {
    const odd = '$& {user_message} {function_string}';
    const [system, user] = renderChat(TEMPLATE, [
      { role: 'system', content: odd },
      { role: 'user', content: odd },
    ]);
    expect(system).toBe(`<s>${odd}</s>`);
    expect(user).toBe(`U: [${odd}]|`);
  });

  it('goes on in a final assistant message, which is a piece of its own', () => {
    const pieces = renderChat(TEMPLATE, [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hel' },
    ]);
    expect(pieces.slice(-2)).toEqual(['A:', 'Hel']);
  });

  it('leaves the first role out where the template says so, and an empty system text', () => {
    const bare = { ...TEMPLATE, add_role_after_system_message: false };
    expect(renderChat(bare, [{ role: 'user', content: 'Hi' }])[1]).toBe('[Hi]|');
    const silent = { ...TEMPLATE, system_message: '', render_empty_system_message: false };
    expect(renderChat(silent, [{ role: 'user', content: 'Hi' }])[0]).toBe('U: [Hi]|');
  });

  it('has images before the text', () => {
    const image = Uint8Array.of(1);
    const pieces = renderChat(TEMPLATE, [{ role: 'user', content: 'What?', images: [image] }]);
    expect(pieces.slice(1, -1)).toEqual(['U: ', image, '\n', '[What?]|']);
  });

  it('writes a tool’s answer as the user’s where the template has no such role', () => {
    const { user, assistant } = TEMPLATE.roles as { user: string; assistant: string };
    const old = { ...TEMPLATE, roles: { user, assistant } };
    expect(renderChat(old, [{ role: 'tool', content: '4' }])[1]).toBe('U: 4|');
  });
});

describe('its tokens', () => {
  const tokenizer = {
    encode: (text: string) => Int32Array.from(text, (letter) => letter.charCodeAt(0)),
    idToToken: String.fromCharCode,
  };

  it('begin as every text does, once', () => {
    expect(toPrompt(tokenizer, [1, 2], ['a', 'b'])).toEqual([[1, 2, 97, 98]]);
    expect(toPrompt(tokenizer, [97], ['a', 'b'])).toEqual([[97, 98]]);
    expect(toPrompt(tokenizer, [], ['a'])).toEqual([[97]]);
  });

  it('stand around images', () => {
    const image = Uint8Array.of(1);
    const part = () => ({ url: 'x' });
    const parts = toPrompt(tokenizer, [5], [image, 'a'], part);
    expect(parts).toEqual([[5], { url: 'x' }, [97]]);
  });
});
