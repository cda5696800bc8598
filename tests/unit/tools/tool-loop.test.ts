/** What the replies of a chat call: asked for, run, kept, stopped, told to the model. */
import 'fake-indexeddb/auto';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { Chat } from '../../../src/lib/state/chat.svelte';
import { boot } from '../../../src/lib/state/init.svelte';
import { models } from '../../../src/lib/state/models.svelte';
import { settings } from '../../../src/lib/state/settings.svelte';
import { unsaved } from '../../../src/lib/state/unsaved.svelte';
import { voice } from '../../../src/lib/state/voice.svelte';
import { withDatabase } from '../../../src/lib/storage/database';
import { listMessages } from '../../../src/lib/storage/messages';
import type { ToolCallRecord } from '../../../src/lib/storage/records';
import { asked, closePage, freshPageWith } from '../../fixtures/chat-page';

vi.mock('$lib/client/ollama', async () => import('../../fixtures/chat-page'));
vi.mock('$lib/client/link', () => ({
  link: { connect: () => Promise.reject(new Error('There is no host for figures.')) },
}));

/** The sandbox needs a browser; what matters here is that it may be slow, and is told to stop. */
const program = vi.hoisted(() => ({
  runs: 0,
  run: (_code: string, _signal: AbortSignal): Promise<string> => Promise.resolve('ran'),
}));
vi.mock('$lib/client/sandbox', () => ({
  runJavaScript: (code: string, signal: AbortSignal) => {
    program.runs++;
    return program.run(code, signal);
  },
}));

let chat: Chat;

beforeEach(async () => {
  unsaved.drop('');
  await freshPageWith(['tools']);
  await boot.start();
  vi.spyOn(models, 'can').mockReturnValue(true);
  settings.set('toolApprovals', {});
  Object.assign(program, { runs: 0, run: () => Promise.resolve('ran') });
  chat = new Chat(null);
  chat.set({ tools: ['calculator', 'javascript'] });
});

afterAll(closePage);

const last = () => chat.turns.at(-1)!;
const asker = () => chat.turns.findLast(({ toolCalls }) => toolCalls)!;
const results = () => chat.turns.filter(({ role }) => role === 'tool');
const states = () => results().map(({ state }) => state);
const texts = () => results().map(({ content }) => content);

/** Rests: nothing is written, and nothing runs. */
const rests = () =>
  vi.waitFor(
    () => {
      if (chat.reply || chat.tools.active) throw new Error('on');
      if (chat.turns.some(({ state }) => state === 'streaming')) throw new Error('streams');
    },
    { timeout: 20_000 },
  );

const use = async (...lines: string[]) => {
  chat.send(`/use ${lines.join('\n')}`, 'fake');
  await rests();
};

const sum = (expression: string) => `calculator {"expression":"${expression}"}`;

async function answer(how: 'once' | 'always' | 'refuse' | 'never', at = 0) {
  chat.tools.answer(asker(), asker().toolCalls![at]!, how, 'fake');
  await rests();
}

it('asks before a call, runs it once, and the model reads what came of it', async () => {
  await use(sum('6*7'));
  expect(results()).toEqual([]);
  expect(chat.busy).toBe(true);
  expect(voice.lines.at(-1)?.text).toContain('Calculator');
  await answer('once');
  expect(texts()).toEqual(['42']);
  expect(last().content).toBe('The results: 42');
  expect(chat.busy).toBe(false);
  expect(asked.at(-1)!.messages).toEqual([
    { role: 'user', content: `/use ${sum('6*7')}` },
    {
      ...{ role: 'assistant', content: '' },
      tool_calls: [
        { id: 'call_00', function: { name: 'calculator', arguments: { expression: '6*7' } } },
      ],
    },
    { role: 'tool', content: '42', tool_name: 'calculator', tool_call_id: 'call_00' },
  ]);
  expect(settings.values.toolApprovals).toEqual({});
});

it('what is always allowed is not asked for again, what is never is refused', async () => {
  await use(sum('1+1'), sum('2+2'));
  await answer('always');
  expect(texts()).toEqual(['2', '4']);
  expect(settings.values.toolApprovals).toEqual({ calculator: 'always' });
  await use('javascript {"code":"1"}');
  await answer('never');
  expect(last().content).toContain('refused');
  await use('javascript {"code":"1"}');
  expect(asker().toolCalls![0]!.answer).toBe('refused');
  expect(last().content).toContain('refused');
  expect(program.runs).toBe(0);
});

it('runs calls of one message in order, and asks for each', async () => {
  await use(`${sum('1+1')} && javascript {"code":"x"} && ${sum('3+3')}`);
  await answer('once', 0);
  expect(texts()).toEqual(['2']);
  await answer('refuse', 1);
  expect(texts()[1]).toContain('refused');
  await answer('once', 2);
  expect(texts()[2]).toBe('6');
  expect(last().content).toContain(' | 6');
});

it.each([
  ['nowhere {}', 'There is no tool "nowhere"'],
  ['date {"action":"now"}', 'There is no tool "date"'],
  ['calculator {}', '"expression" is missing'],
  ['calculator {"expression":5}', '"expression" must be a string'],
])('%s is nothing to ask a person for: the model reads what is wrong', async (call, fault) => {
  await use(call);
  expect(states()).toEqual(['failed']);
  expect(texts()[0]).toContain(fault);
  expect(last().content).toContain(fault);
});

it('what a tool finds wrong is a result that failed', async () => {
  settings.set('toolApprovals', { calculator: 'always' });
  await use(sum('1/0'));
  expect(states()).toEqual(['failed']);
  expect(last().content).toContain('Division by zero at character 3');
});

it('stops a tool that runs, and what comes behind it', async () => {
  settings.set('toolApprovals', { javascript: 'always', calculator: 'always' });
  const stopped = vi.fn();
  program.run = (_, signal) => {
    signal.addEventListener('abort', stopped);
    return new Promise(() => {});
  };
  chat.send(`/use javascript {"code":"for(;;);"} && ${sum('1+1')}`, 'fake');
  await vi.waitFor(() => expect(results()[0]?.state).toBe('streaming'));
  await vi.waitFor(() => expect(program.runs).toBe(1));
  chat.stop();
  await rests();
  expect(stopped).toHaveBeenCalled();
  expect(states()).toEqual(['stopped', 'stopped']);
  expect(chat.busy).toBe(false);
  expect(last().role).toBe('tool');
  // On the way on, the model reads that they were.
  chat.regenerate('fake');
  await rests();
  expect(last().content).toMatch(/stopped this call.*stopped this call/);
});

it('stops while a question is open', async () => {
  await use(sum('1+1'));
  chat.stop();
  await rests();
  expect(states()).toEqual(['stopped']);
  expect(chat.busy).toBe(false);
});

it('a tool that never answers is ended at its limit', async () => {
  settings.set('toolApprovals', { javascript: 'always' });
  program.run = () => new Promise(() => {});
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  try {
    chat.send('/use javascript {"code":"x"}', 'fake');
    await vi.waitFor(() => expect(program.runs).toBe(1));
    await vi.advanceTimersByTimeAsync(30_000);
    await vi.waitFor(() => expect(states()).toEqual(['failed']));
    expect(texts()[0]).toContain('within 30 s');
  } finally {
    vi.useRealTimers();
  }
  await rests();
});

it('asks to go on at the limit of steps', async () => {
  settings.set('toolApprovals', { calculator: 'always' });
  chat.set({ toolSteps: 2 });
  await use(...[1, 2, 3, 4, 5].map((n) => sum(`${n}`)));
  expect(texts()).toEqual(['1', '2']);
  expect(chat.busy).toBe(false);
  chat.regenerate('fake');
  await rests();
  expect(texts()).toEqual(['1', '2', '3', '4']);
});

it('the same call three times in a row ends the loop', async () => {
  settings.set('toolApprovals', { calculator: 'always' });
  await use(...Array<string>(6).fill(sum('1')));
  expect(texts()).toEqual(['1', '1', '1']);
  expect(chat.busy).toBe(false);
});

it('what is written meanwhile waits until the loop has ended', async () => {
  await use(sum('1+1'));
  chat.unsent.enqueue('/say later');
  chat.sendWaiting('fake');
  expect(chat.unsent.queue).toHaveLength(1);
  await answer('once');
  await vi.waitFor(() => expect(last().content).toBe('later'));
});

it('a reload shows an open question again, and of two tabs one runs the call', async () => {
  await use(`${sum('1+1')} && ${sum('2+2')}`);
  await answer('once');
  await vi.waitFor(async () => expect(await listMessages(chat.id!)).toHaveLength(3));
  const read = new Chat(chat.id);
  await read.load();
  const call = (one: Chat, at: number): ToolCallRecord => one.turns[1]!.toolCalls![at]!;
  expect(call(read, 1).answer).toBeUndefined();
  expect(read.busy).toBe(true);
  // Two tabs answer the same question: one of them runs it.
  read.tools.answer(read.turns[1]!, call(read, 1), 'once', 'fake');
  chat.tools.answer(asker(), asker().toolCalls![1]!, 'once', 'fake');
  await vi.waitFor(async () => {
    const stored = await listMessages(chat.id!);
    expect(stored.filter(({ role }) => role === 'tool')).toHaveLength(2);
    expect(stored.at(-1)?.content).toContain('2 | 4');
  });
});

it.each([
  ['run', 'again', 'again | '],
  ['skip', 'left it', 'left it'],
] as const)(
  'a run that a page cut off by closing waits for a person: %s',
  async (how, text, told) => {
    await use('javascript {"code":"x"} && javascript {"code":"y"}');
    await answer('once');
    const record = results()[0]!.record(chat.id!);
    await withDatabase((db) => db.put('messages', { ...record, state: 'streaming', content: '' }));
    chat = new Chat(chat.id);
    await chat.load();
    expect(states()).toEqual(['cut']);
    expect(chat.busy).toBe(true);
    program.run = () => Promise.resolve('again');
    chat.tools.resume(asker(), asker().toolCalls![0]!, how, 'fake');
    await rests();
    expect(texts()[0]).toContain(text);
    expect(program.runs).toBe(how === 'run' ? 2 : 1);
    await answer('once', 1);
    expect(last().content).toContain(told);
  },
);

it('Regenerate and Delete take a reply with its calls', async () => {
  settings.set('toolApprovals', { calculator: 'always' });
  await use(sum('1+1'));
  const first = chat.turns[1]!;
  chat.regenerate('fake', last());
  await rests();
  expect(chat.versions(first)).toHaveLength(2);
  expect(chat.turns).toHaveLength(4);
  chat.remove(last());
  expect(chat.turns[1]).toBe(first);
  chat.remove(last());
  expect(chat.turns.map(({ role }) => role)).toEqual(['user']);
});

it('a call without a result is told as one that was stopped', async () => {
  await use(sum('1+1'));
  const question = chat.turns[0]!;
  // Sent as it is, in the place of an answer.
  chat.send('/say on', 'fake');
  await rests();
  expect(asked.at(-1)!.messages.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'user',
  ]);
  expect(asked.at(-1)!.messages[2]!.content).toContain('stopped');
  expect(question.content).toContain('/use');
});

it('how long a call ran is kept with its result; one that was refused has no duration', async () => {
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  program.run = () => {
    now += 300;
    return Promise.resolve('ran');
  };
  await use('javascript {"code":"x"} && javascript {"code":"y"}');
  await answer('once', 0);
  await answer('refuse', 1);
  clock.mockRestore();
  expect(results().map(({ toolMs }) => toolMs)).toEqual([300, undefined]);
  const stored = (await listMessages(chat.id!)).filter(({ role }) => role === 'tool');
  expect(stored.map(({ toolMs }) => toolMs)).toEqual([300, undefined]);
});
