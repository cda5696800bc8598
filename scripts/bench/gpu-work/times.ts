/** Milliseconds a token of several engines, in turns, so that drift falls on all alike. */
import type { Subject } from './subjects';

type Asked = Pick<Subject, 'reply'>;

/** By the subject's name, one a round. */
export type Times = Record<string, number[]>;

/**
 * Each sample is the difference of a long reply's time and a short one's to the same prompt: tokens that come several
 * at a time cannot be timed by their arrivals.
 */
export async function measureTimes(
  subjects: Record<string, Asked>,
  { rounds, tokens }: { rounds: number; tokens: number },
): Promise<Times> {
  const names = Object.keys(subjects);
  const times: Times = Object.fromEntries(names.map((name) => [name, []]));
  // Round -1 is warm-up.
  for (let round = -1; round < rounds; round++) {
    const order = names.map((_, at) => names[(at + Math.max(0, round)) % names.length]!);
    for (const name of round % 2 === 0 ? order : order.reverse()) {
      const ms = await msPerToken(subjects[name]!, tokens);
      if (round >= 0) times[name]!.push(ms);
    }
  }
  return times;
}

async function msPerToken(subject: Asked, tokens: number): Promise<number> {
  const timed = async (which: 0 | 1, count: number) => {
    const start = performance.now();
    await subject.reply(which, count);
    return performance.now() - start;
  };
  await subject.reply(1, 1); // another text, so that neither finds the prompt in a cache
  const short = await timed(0, 1);
  await subject.reply(1, 1);
  const long = await timed(0, 1 + tokens);
  return (long - short) / tokens;
}
