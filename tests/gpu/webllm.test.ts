/** The tiny MLC model on a real adapter: exactly the tokens that its maker computed by other means. */
import { expect, it } from 'vitest';
import { ask, loadedEngine } from './engine';
import { EXPECTED } from './tiny-mlc';

const GREEDY = { temperature: 0 };

it.each(EXPECTED)(
  'writes what was computed for it: $user',
  async ({ user, max_tokens, prompt_ids, text }) => {
    const engine = await loadedEngine();
    const reply = await ask(engine, user, { ...GREEDY, num_predict: max_tokens });
    expect(reply.final.promptTokens).toBe(prompt_ids.length);
    expect(reply.final.evalTokens).toBe(max_tokens);
    if (text) expect(reply.text).toBe(text);
  },
);
