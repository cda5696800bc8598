/** A chat as the model's conversation template writes it. */
import type { ChatMessage } from '#core/engine';
import type { ConversationTemplate } from './conversation';

/** A text that is tokenised by itself, or an image. */
export type Piece = string | Uint8Array<ArrayBuffer>;

const PLACES: Record<string, string> = {
  user: '{user_message}',
  assistant: '{assistant_message}',
  tool: '{tool_message}',
};

/** Where older templates have the tools. */
const TOOLS = '{function_string}';

/**
 * What the model reads before it writes: the system text, a piece a message, and the beginning of its reply. A final
 * assistant message is not closed: the reply goes on in it.
 */
export function renderChat(
  template: ConversationTemplate,
  messages: readonly ChatMessage[],
): Piece[] {
  const { system, turns } = splitSystem(template, messages);
  const last = turns.at(-1);
  const open = last?.role === 'assistant' ? last : undefined;
  const closed = open ? turns.slice(0, -1) : turns;
  const pieces: Piece[] = system === '' ? [] : [system];
  closed.forEach((message, index) => {
    const bare = index === 0 && system !== '' && template.add_role_after_system_message === false;
    pieces.push(...renderTurn(template, message, bare));
  });
  pieces.push(roleOf(template, 'assistant') + (template.role_empty_sep ?? ': '));
  if (open?.content) pieces.push(open.content);
  return pieces;
}

function splitSystem(template: ConversationTemplate, messages: readonly ChatMessage[]) {
  const texts = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const text = texts.length > 0 ? texts.join('\n\n') : template.system_message;
  const hidden = text === '' && template.render_empty_system_message === false;
  const system = hidden ? '' : fill(template.system_template, '{system_message}', text);
  return { system, turns: messages.filter(({ role }) => role !== 'system') };
}

function renderTurn(template: ConversationTemplate, message: ChatMessage, bare: boolean): Piece[] {
  const { role, content, images = [] } = message;
  const own = template.role_templates?.[role];
  const text =
    own === undefined ? content : fill(own.replaceAll(TOOLS, ''), PLACES[role]!, content);
  const head = bare ? '' : roleOf(template, role) + (template.role_content_sep ?? ': ');
  // Not in turn: what was cut off, and two answers of tools, would shift all that follow.
  const tail = text + template.seps[(role === 'assistant' ? 1 : 0) % template.seps.length]!;
  if (images.length === 0) return [head + tail];
  // A line for each image: Phi's way, of which web-llm's only vision models are.
  return [head, ...images.flatMap((image) => [image, '\n']), tail];
}

/** Models that know of no tools read a tool's answer as the user's. */
function roleOf({ roles }: ConversationTemplate, role: string): string {
  return roles[role] ?? roles.user ?? '';
}

/** As it is: in a replacement string `$&` would mean something. */
function fill(template: string, place: string, text: string): string {
  return template.replace(place, () => text);
}
