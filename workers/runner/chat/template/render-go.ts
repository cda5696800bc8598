/** Messages to the text that the model was trained on, by a template in Go's language, as Ollama's models have it. */
import type { ChatMessage } from '#core/engine';
import { Budget, EndlessTemplate } from '#core/template/go/budget';
import { parseGo } from '#core/template/go/parse';
import { GoRunFault, renderGo } from '#core/template/go/render';
import { TemplateFault, type GoNode, type GoTemplate } from '#core/template/go/tree';
import { GoRecord, type GoValue } from '#core/template/go/values';
import type { RenderOptions } from '../render';
import { cutBehindResponse } from './cut-response';
import { endless, faulty } from './faulty';
import { goMessages, goTools } from './go-values';
import { parseOnce } from './parse-once';

/** What a template of the older form writes where it names no place for the reply. */
const RESPONSE: GoNode = {
  type: 'action',
  pipe: { variables: [], assigns: false, commands: [[{ type: 'dot', names: ['Response'] }]] },
};

/** As in Jinja: of the last template. */
const parsed = parseOnce(parseGo);

/** @throws PaddockError `not_supported` where it is faulty or does not end */
export function renderGoChat(options: RenderOptions): string {
  try {
    const template = parsed(options.template);
    const write = writerOf(template, options);
    const { system, messages } = collate(options.messages);
    const prompt = messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const { suffix = '', tools = [] } = options;
    if (suffix !== '' && template.names.has('suffix')) {
      return write(template.nodes, { Prompt: prompt, Suffix: suffix, Response: '' });
    }
    if (!template.names.has('messages')) return renderPairs(template, messages, write);
    return write(template.nodes, {
      System: system,
      Messages: goMessages(messages),
      Tools: tools.length > 0 ? goTools(tools) : null,
      Response: '',
    });
  } catch (error) {
    if (error instanceof EndlessTemplate || error instanceof RangeError) throw endless();
    if (error instanceof TemplateFault || error instanceof GoRunFault) throw faulty(error.message);
    throw error;
  }
}

type Write = (nodes: readonly GoNode[], data: Record<string, GoValue>) => string;

/** All that is written for one prompt has one end. */
function writerOf(template: GoTemplate, { think, now }: RenderOptions): Write {
  const budget = new Budget();
  const thinking = {
    Think: think !== false,
    ThinkLevel: typeof think === 'string' ? think : '',
    // Where nobody asked, a model that can think does, and its template hears so.
    IsThinkSet: true,
  };
  return (nodes, data) =>
    renderGo(
      { ...template, nodes: [...nodes] },
      new GoRecord({ ...data, ...thinking }, {}),
      now,
      budget,
    );
}

/** All system texts; and the messages, of which those in a row that one role has are one. */
function collate(messages: readonly ChatMessage[]): { system: string; messages: ChatMessage[] } {
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content);
  const collated: ChatMessage[] = [];
  for (const message of messages) {
    const before = collated.at(-1);
    if (before?.role !== message.role || message.role === 'tool') collated.push(message);
    else collated[collated.length - 1] = joined(before, message);
  }
  return { system: system.join('\n\n'), messages: collated };
}

function joined(before: ChatMessage, after: ChatMessage): ChatMessage {
  const toolCalls = [...(before.toolCalls ?? []), ...(after.toolCalls ?? [])];
  return {
    ...before,
    content: `${before.content}\n\n${after.content}`,
    ...(toolCalls.length > 0 && { toolCalls }),
  };
}

/** The older form: the template once for each question with its answer, at last up to where the answer goes. */
function renderPairs(template: GoTemplate, messages: readonly ChatMessage[], write: Write): string {
  const nodes = template.names.has('response') ? template.nodes : [...template.nodes, RESPONSE];
  const nothing = { System: '', Prompt: '', Response: '' };
  let turn = { ...nothing };
  let text = '';
  const end = () => {
    text += write(nodes, turn);
    turn = { ...nothing };
  };
  for (const { role, content } of messages) {
    if (role === 'system') {
      if (turn.Prompt !== '' || turn.Response !== '') end();
      turn.System = content;
    } else if (role === 'user') {
      if (turn.Response !== '') end();
      turn.Prompt = content;
    } else if (role === 'assistant') turn.Response = content;
  }
  return text + write(cutBehindResponse(nodes).nodes, turn);
}
