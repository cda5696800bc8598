/** What a person sees before a reply's first word. */
import { publish, fakeConfig, fakeRegistry } from '../fixtures/fake-registry';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test('how far the prompt is, and only of this reply', async ({ page, site }) => {
  await startChatting(page, site);
  await send(page, '/read');
  await expect(lastReply(page)).toContainText('Reading the prompt: 1,216 of 6,030 tokens.');
  const bar = lastReply(page).getByRole('progressbar', { name: 'Reading the prompt' });
  await expect(bar).toHaveAttribute('aria-valuenow', '20');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(lastReply(page)).toContainText('Stopped before the first word.');
  await send(page, '/hang');
  await expect(lastReply(page)).toContainText(
    'SmolLM2 135M is reading the prompt (CPU, 1 thread).',
  );
  await expect(lastReply(page).getByRole('progressbar')).toHaveCount(0);
  await page.getByRole('button', { name: 'Stop' }).click();
  await send(page, '/read And on.');
  await expect(lastReply(page)).toContainText('And on.');
  await replyEnded(page);
});

test.describe('a load that takes its time', () => {
  const overlay = fakeRegistry();
  publish(overlay, {
    path: 'smollm2:135m',
    weights: new TextEncoder().encode('/stuck'.padEnd(100_000)),
    params: {},
    config: fakeConfig('134.52M'),
  });
  test.use({ siteOptions: { dir: 'build-test', overlay }, serviceWorkers: 'allow' });

  test('says how far it is, on the Models page too', async ({ page, context, site }) => {
    await startChatting(page, site);
    await send(page, 'hello');
    await expect(lastReply(page)).toContainText('SmolLM2 135M is loading: 45 % (45 of 100 kB).');
    const bar = lastReply(page).getByRole('progressbar', { name: 'Loading SmolLM2 135M' });
    await expect(bar).toHaveAttribute('aria-valuenow', '45');
    const status = page.getByRole('group', { name: 'Status' });
    await expect(status).toContainText('SmolLM2 135M loading');
    const models = await context.newPage();
    await models.goto(`${site.url}models`);
    const running = models.getByRole('region', { name: 'Running' });
    await expect(running).toContainText('SmolLM2 135M is loading: 45 % (45 of 100 kB).');
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(lastReply(page)).toContainText('Stopped before the first word.');
    await expect(running).toContainText('No model is loaded.');
    await expect(status).toContainText('not loaded');
  });
});
