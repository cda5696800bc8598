/** Messages to the text that the model was trained on, by the template in its file. */
import { Environment } from '@huggingface/jinja';
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import { parseJinja } from '#core/template/jinja';
import { BoundedInterpreter } from './bounded-interpreter';
import { globalsOf } from './globals';

export interface ChatTemplate {
  /** Jinja. */
  template: string;
  /** Texts of the tokens; empty where the model has none. */
  bos: string;
  eos: string;
}

interface RenderOptions extends ChatTemplate {
  messages: readonly ChatMessage[];
  /** Ends with what comes before a reply. */
  addGenerationPrompt: boolean;
  /** For `strftime_now`. */
  now: Date;
}

/**
 * Renders the messages. A final assistant message is continued: its content follows the generation prompt, as it
 * did when the model wrote it (so the cache still fits), and llama.cpp does the same.
 * @throws PaddockError `bad_request` where the template refuses the messages, `not_supported` where it is
 * faulty or does not end
 */
export function renderChat(options: RenderOptions): string {
  const last = options.messages.at(-1);
  if (!options.addGenerationPrompt || last?.role !== 'assistant') return render(options);
  return render({ ...options, messages: options.messages.slice(0, -1) }) + last.content;
}

function render({ template, bos, eos, messages, addGenerationPrompt, now }: RenderOptions): string {
  const scope = new Environment();
  const variables = {
    ...globalsOf(now),
    messages: messages.map(({ role, content }) => ({ role, content })),
    add_generation_prompt: addGenerationPrompt,
    bos_token: bos,
    eos_token: eos,
  };
  for (const [name, value] of Object.entries(variables)) scope.set(name, value);
  const text = attempt(() => new BoundedInterpreter(scope).run(parseJinja(template)).value);
  if (typeof text === 'string' && text !== '') return text;
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

function faulty(why: string): PaddockError {
  return new PaddockError(
    'not_supported',
    `The model's chat template cannot be used: ${why.replace(/\.$/, '')}. ` +
      'Use another model, or send a prompt without a template.',
  );
}
