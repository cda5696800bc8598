/** Messages to the text that the model was trained on, by a template in Jinja. */
import { Environment } from '@huggingface/jinja';
import { PaddockError } from '#core/errors';
import { parseJinja } from '#core/template/jinja';
import { BoundedInterpreter } from './bounded-interpreter';
import { globalsOf } from './globals';

/**
 * @param variables beside the functions that templates expect
 * @param now for `strftime_now`
 * @throws PaddockError `bad_request` where the template refuses the messages, `not_supported` where it is
 * faulty or does not end
 */
export function renderJinja(
  template: string,
  variables: Record<string, unknown>,
  now: Date,
): string {
  const scope = new Environment();
  for (const [name, value] of Object.entries({ ...globalsOf(now), ...variables })) {
    scope.set(name, value);
  }
  const text = attempt(() => new BoundedInterpreter(scope).run(parseJinja(template)).value);
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

/** What a template cannot be used for. */
export function faulty(why: string): PaddockError {
  return new PaddockError(
    'not_supported',
    `The model's chat template cannot be used: ${why.replace(/\.$/, '')}. ` +
      'Use another model, or send a prompt without a template.',
  );
}
