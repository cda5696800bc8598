/** Messages to the text that the model was trained on, by a template in Jinja. */
import { Environment } from '@huggingface/jinja';
import { PaddockError } from '#core/errors';
import { parseJinja } from '#core/template/jinja';
import { thinkTags } from '#core/template/think-tags';
import type { RenderOptions } from '../render';
import { BoundedInterpreter } from './bounded-interpreter';
import { faulty } from './faulty';
import { globalsOf } from './globals';
import { jinjaMessages, jinjaTools } from './jinja-messages';
import { parseOnce } from './parse-once';
import { writeArguments } from './written-arguments';

/** A runner has one model, and almost always its one template. */
const parsed = parseOnce(parseJinja);

/**
 * @throws PaddockError `bad_request` where the template refuses the messages, `not_supported` where it is
 * faulty or does not end
 */
export function renderJinja(options: RenderOptions): string {
  const { template, messages, tools = [], bos, eos, now } = options;
  // Nobody asked: a model thinks if its thoughts can be told from its answer.
  const { think = thinkTags(template) !== undefined } = options;
  const variables = {
    ...globalsOf(now),
    messages: jinjaMessages(messages, template),
    // As transformers has it: none, and not undefined.
    tools: tools.length > 0 ? jinjaTools(tools) : null,
    documents: null,
    add_generation_prompt: true,
    bos_token: bos,
    eos_token: eos,
    enable_thinking: think !== false,
    thinking: think !== false,
    // The greatest that templates name.
    ...(typeof think === 'string' && { reasoning_effort: think === 'max' ? 'high' : think }),
  };
  const text = attempt(() => {
    const scope = new Environment();
    for (const [name, value] of Object.entries(variables)) scope.set(name, value);
    writeArguments(scope.lookupVariable('messages'));
    return new BoundedInterpreter(scope).run(parsed(template)).value;
  });
  if (typeof text === 'string') return text;
  throw faulty('it gives no text');
}

function attempt<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof PaddockError) throw error;
    throw faulty(error instanceof Error ? error.message : String(error));
  }
}
