/** Which MLC models are offered tools: those of web-llm's list, and any whose own conversation is Hermes'. */
import { expect, it } from 'vitest';
import { openMlcHouse } from '../fixtures/mlc-house';
import { changed, tinyMlc } from '../fixtures/tiny-mlc';

const REPO = 'acme/my-hermes-q0f32-MLC';
const MODEL = `hf.co/${REPO}`;

it.each([
  ['hermes3_llama-3_1', true],
  ['llama-3', false],
])('an unlisted one whose template is %s: %s', async (name, has) => {
  const house = await openMlcHouse();
  const files = tinyMlc();
  const conversation = { name, roles: { user: 'U', assistant: 'A' }, seps: ['|'] };
  const config = changed(files['mlc-chat-config.json'], { conv_template: conversation });
  house.world.repo(REPO, { ...files, 'mlc-chat-config.json': config });
  await house.outcome(MODEL, { library: house.library });
  const shown = await house.door.post('api/show', { model: MODEL });
  const { capabilities } = (await shown.json()) as { capabilities: string[] };
  expect(capabilities.includes('tools')).toBe(has);
  expect((await house.prepare(MODEL)).runnerModel.tools).toBe(has ? true : undefined);
});
