/** A chat by the model's own template in wllama: the text that llama.cpp is given. */
import type { Wllama } from '@wllama/wllama/esm/index.js';
import { describe, expect, it, vi } from 'vitest';
import type { ChatMessage, EngineInfo } from '#core/engine';
import type { Ends } from '../../workers/runner/engines/wllama/ends';
import { WllamaModel } from '../../workers/runner/engines/wllama/model';
import type { NativeLog } from '../../workers/runner/engines/wllama/native-log';

const ENDS = { bos: '<s>', eos: '</s>' };
const timings = { cache_n: 0, prompt_n: 1, prompt_ms: 1, predicted_n: 1, predicted_ms: 1 };

interface Asked {
  template: string;
  adds: boolean;
  messages?: ChatMessage[];
}

/** A model that keeps what it is asked to complete. */
function house(adds: boolean, readEnds: () => Promise<Ends>) {
  const prompts: string[] = [];
  const wllama = {
    mustAddBosToken: () => adds,
    createCompletion: ({ prompt, onData }: { prompt: string; onData: (chunk: object) => void }) => {
      prompts.push(prompt);
      onData({ choices: [], timings });
      return Promise.resolve();
    },
  } as unknown as Wllama;
  const model = new WllamaModel(wllama, {} as EngineInfo, {} as NativeLog, readEnds);
  const chat = async (template: string, messages: ChatMessage[]) => {
    const params = { template, messages, options: {} };
    for await (const chunk of model.chat(params, new AbortController().signal)) void chunk;
  };
  return { prompts, chat };
}

const HI: ChatMessage[] = [{ role: 'user', content: 'hi' }];

async function promptOf({ template, adds, messages = HI }: Asked) {
  const { prompts, chat } = house(adds, () => Promise.resolve(ENDS));
  await chat(template, messages);
  return prompts[0];
}

const LOOP = '{% for m in messages %}[{{ m.content }}]{% endfor %}';

describe('the token that begins a text', () => {
  it.each([
    ['named in the template', `{{ bos_token }}${LOOP}`],
    ['written in the template', `<s>${LOOP}`],
  ])('%s stands there once', async (_what, template) => {
    expect(await promptOf({ template, adds: true })).toBe('[hi]');
    expect(await promptOf({ template, adds: false })).toBe('<s>[hi]');
  });

  it('has its name where the template asks for it, whoever writes it', async () => {
    const template = `{% if bos_token == '<s>' %}yes{% endif %}${LOOP}`;
    expect(await promptOf({ template, adds: true })).toBe('yes[hi]');
  });

  it('stays where a message has it', async () => {
    const messages: ChatMessage[] = [{ role: 'user', content: '<s>' }];
    expect(await promptOf({ template: `${LOOP}`, adds: true, messages })).toBe('[<s>]');
  });
});

it('a reply that was cut goes on behind what opens one', async () => {
  const template = `${LOOP}{% if add_generation_prompt %}>{% endif %}`;
  const messages: ChatMessage[] = [...HI, { role: 'assistant', content: 'Well, ' }];
  expect(await promptOf({ template, adds: true, messages })).toBe('[hi]>Well, ');
});

it('what a chat could not read is read again for the next', async () => {
  const readEnds = vi.fn<() => Promise<Ends>>().mockResolvedValue(ENDS);
  readEnds.mockRejectedValueOnce(new Error('gone'));
  const { prompts, chat } = house(false, readEnds);
  await expect(chat(LOOP, HI)).rejects.toThrow('gone');
  await chat(LOOP, HI);
  await chat(LOOP, HI);
  expect(prompts).toEqual(['[hi]', '[hi]']);
  expect(readEnds).toHaveBeenCalledTimes(2);
});
