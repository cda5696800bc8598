/** Replies that fail, hang or are stopped, and the next message after each. */
import type { Page } from '@playwright/test';
import { fakeConfig, fakeRegistry, publish } from '../fixtures/fake-registry';
import { expect, lastReply, replyEnded, send, startChatting, test } from './site';

test.beforeEach(({ page, site }) => startChatting(page, site));

function alertIn(page: Page) {
  return lastReply(page).getByRole('alert');
}

async function nextIsAnswered(page: Page) {
  await send(page, '/say Still here.');
  await expect(lastReply(page)).toContainText('Still here.');
  await replyEnded(page);
  await expect(alertIn(page)).toHaveCount(0);
}

test('a runner that dies in a reply: its words stay, the next message gets a new one', async ({
  page,
}) => {
  await send(page, '/crash');
  await expect(alertIn(page)).toContainText('The model stopped in the middle: its worker ended');
  await expect(alertIn(page)).toContainText('Try again; the model loads anew.');
  await expect(lastReply(page)).toContainText('These are my last words');
  await replyEnded(page);
  await nextIsAnswered(page);
  await page.reload();
  await expect(page.getByRole('log')).toContainText('These are my last words');
  await expect(page.getByRole('log')).toContainText('its worker ended');
});

test('an engine that fails', async ({ page }) => {
  await send(page, '/error');
  await expect(alertIn(page)).toContainText(
    'The engine reported an error: The engine failed, as the scenario asks.',
  );
  await expect(alertIn(page)).toContainText('Try again.');
  await expect(lastReply(page)).toContainText('This breaks here:');
  await nextIsAnswered(page);
});

test('not enough memory', async ({ page }) => {
  await send(page, '/memory');
  await expect(alertIn(page)).toContainText(
    'This model needs more memory than the browser gives. Try again: it loads with a context of 1,024 tokens.',
  );
  await nextIsAnswered(page);
});

test('a prompt over the context gives both counts and a remedy', async ({ page }) => {
  await send(page, '/overflow');
  await expect(alertIn(page)).toContainText(
    'This prompt is 5,120 tokens and the context holds 4,096. Shorten it or start a new chat.',
  );
  await nextIsAnswered(page);
});

test('Stop ends a reply that says nothing', async ({ page }) => {
  await send(page, '/hang');
  await expect(lastReply(page)).toContainText('SmolLM2 135M is');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(lastReply(page)).toContainText('Stopped before the first word.');
  await nextIsAnswered(page);
});

test('Stop keeps what was written, and the next message is answered at once', async ({ page }) => {
  await send(page, '/slow');
  await expect(lastReply(page)).toContainText('w0 w1 w2');
  await page.getByRole('button', { name: 'Stop' }).click();
  await replyEnded(page);
  const stopped = page.getByRole('article', { name: 'Assistant' }).first();
  await expect(stopped).toContainText('Stopped.');
  const text = await stopped.locator('.markdown').innerText();
  expect(text).toMatch(/^w0 w1 w2/);
  // The scenario would go on for minutes: an answer means that the engine did stop.
  await nextIsAnswered(page);
  expect(await stopped.locator('.markdown').innerText()).toBe(text);
  await page.reload();
  await expect(page.getByRole('log')).toContainText('w0 w1 w2');
});

test('an empty or blank message cannot be sent', async ({ page }) => {
  const box = page.getByRole('textbox', { name: 'Message' });
  const button = page.getByRole('button', { name: 'Send' });
  for (const text of ['', '   ', '\n\n \t']) {
    await box.fill(text);
    await expect(button).toBeDisabled();
    await box.press('Enter');
  }
  await expect(page.getByRole('article')).toHaveCount(0);
  await box.fill('/say Now.');
  await expect(button).toBeEnabled();
  await box.press('Enter');
  await expect(lastReply(page)).toContainText('Now.');
  await expect(page.getByRole('article', { name: 'User' })).toHaveCount(1);
});

/** The site whose starter's weights say what it is loaded on. */
function siteOf(weights: string) {
  const overlay = fakeRegistry();
  publish(overlay, {
    path: 'smollm2:135m',
    weights: new TextEncoder().encode(weights.padEnd(1000)),
    params: {},
    config: fakeConfig('134.52M'),
  });
  return { siteOptions: { dir: 'build-test', overlay } };
}

test.describe('on a graphics adapter that computes wrong', () => {
  test.use(siteOf('/wrong'));

  test('the CPU runs the model, and there is a report to send', async ({ page }) => {
    await send(page, '/say Well.');
    await expect(lastReply(page)).toContainText('Well.');
    await lastReply(page).getByText('CPU, 1 thread').click();
    await expect(lastReply(page)).toContainText('could not run the model on the graphics adapter');
    await page.getByRole('link', { name: 'Models' }).click();
    const running = page.getByRole('region', { name: 'Running' });
    await expect(running).toContainText('runs smollm2:135m on the CPU: It computes wrong.');
    await running.getByRole('button', { name: 'Copy the report on the graphics adapter' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Adapter: Fake adapter');
  });
});

test.describe('on a graphics adapter', () => {
  test.use({ ...siteOf('/gpu'), serviceWorkers: 'allow' });

  test('that is lost in a reply: it goes on, in another tab too, and after a second loss on the CPU', async ({
    page,
    context,
  }) => {
    const status = page.getByRole('group', { name: 'Status' });
    await send(page, '/lose 2');
    await expect(alertIn(page)).toContainText(
      'The browser took the graphics adapter away, and with it the model. Continue or try again',
    );
    await expect(lastReply(page)).toContainText('w0 w1 w2 w3');
    await expect(page.getByRole('button', { name: 'Use the CPU' })).toHaveCount(0);
    await expect(status).toContainText('WebGPU, Fake adapter'); // by itself, before anybody asks

    const follower = await context.newPage();
    await follower.goto(page.url());
    await expect(alertIn(follower)).toContainText('The browser took the graphics adapter away');
    await lastReply(follower).getByRole('button', { name: 'Continue' }).click();
    for (const tab of [follower, page]) {
      await expect(alertIn(tab)).toContainText('It happened again. On the CPU the model is slower');
      await expect(lastReply(tab)).toContainText('w0 w1 w2 w3 w4 w5 w6 w7');
    }
    await follower.close();

    await lastReply(page).getByRole('button', { name: 'Use the CPU' }).click();
    await expect(lastReply(page)).toContainText('w0 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11');
    await replyEnded(page);
    await expect(alertIn(page)).toHaveCount(0);
    await expect(status).toContainText('CPU, 1 thread');
    await page.reload();
    await nextIsAnswered(page);
    await expect(lastReply(page)).toContainText('This chat keeps to the CPU.');
    await expect(status).toContainText('CPU, 1 thread');
    await page.getByRole('button', { name: 'Use the graphics adapter' }).click();
    await expect(status).toContainText('not loaded');
    await nextIsAnswered(page);
    await expect(status).toContainText('WebGPU, Fake adapter');
    await expect(lastReply(page)).not.toContainText('This chat keeps to the CPU.');

    await send(page, '/twin fake:latest');
    await expect(alertIn(page)).toContainText('Choose “fake:latest”, which does without.');
    await expect(lastReply(page).getByRole('link', { name: 'Choose another model' })).toBeVisible();
    await page.evaluate(async () => {
      const body = JSON.stringify({ model: 'fake:latest', stream: false });
      await (await fetch('/api/pull', { method: 'POST', body })).json();
    });
    await lastReply(page).getByRole('button', { name: 'Use fake' }).click();
    await expect(lastReply(page)).toContainText('You said: /twin fake:latest');
  });
});
