/** What a person does on the Benchmark page, done by a command. Progress goes to stderr. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { Refusal } from '../../refusal';
import type { Options } from './options';

/** Milliseconds: a pull of gigabytes, and a set of hours. */
const LONG = 24 * 3_600_000;

function say(line: string): void {
  console.error(line);
}

/** The page with the model on the device, and no other chosen. */
export async function openBench(page: Page, url: string, { model }: Options): Promise<Page> {
  await page.goto(`${url}models/`);
  const form = page.getByRole('region', { name: 'Download a model' });
  await form.getByRole('textbox', { name: 'Model name' }).fill(model);
  await form.getByRole('button', { name: 'Download', exact: true }).click();
  say(`Pulling ${model}.`);
  const installed = page.getByRole('table', { name: 'Installed models' });
  const failed = page.getByRole('main').getByRole('alert');
  await installed.or(failed).first().waitFor({ timeout: LONG });
  if ((await installed.count()) === 0) throw new Refusal(await textOf(page));
  await page.getByRole('link', { name: 'Benchmark' }).first().click();
  const engines = page.getByRole('group', { name: /^Engines for/ });
  await engines.getByRole('checkbox').first().waitFor({ timeout: LONG });
  return page;
}

/** The set, the engines, and whether the answers are compared. */
export async function chooseOwn(page: Page, options: Options): Promise<void> {
  const { own, set, all, verify } = options;
  await page.getByRole('radio', { name: own ? 'Own' : set, exact: true }).check();
  if (own) {
    await page.getByRole('spinbutton', { name: 'Prompt, tokens' }).fill(`${own.prompt}`);
    await page.getByRole('spinbutton', { name: 'Reply, tokens' }).fill(`${own.reply}`);
    await page.getByRole('spinbutton', { name: 'Repetitions' }).fill(`${own.repetitions}`);
  }
  await page.getByRole('checkbox', { name: 'Check the answers too' }).setChecked(verify);
  if (!all) return;
  const engines = page.getByRole('group', { name: /^Engines for/ });
  for (const box of await engines.getByRole('checkbox').all()) {
    if (await box.isEnabled()) await box.check();
  }
}

/** Runs until there is a result. @throws Refusal with the page's words where there is none */
export async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const running = page.getByRole('region', { name: 'Running' });
  await running.or(page.getByRole('alert')).first().waitFor();
  for (let last = ''; (await running.count()) > 0; await page.waitForTimeout(250)) {
    const now = await running
      .locator('.now')
      .textContent({ timeout: 1000 })
      .catch(() => null);
    if (now && now !== last) say((last = now));
  }
  if ((await saveButton(page, 'JSON').count()) === 0) throw new Refusal(await textOf(page));
}

/** What the page saves of the result. */
export async function saved(page: Page, kind: 'JSON' | 'Markdown'): Promise<string> {
  const save = saveButton(page, kind);
  const [file] = await Promise.all([page.waitForEvent('download'), save.click()]);
  return readFile(await file.path(), 'utf8');
}

function saveButton(page: Page, kind: 'JSON' | 'Markdown') {
  return page.getByRole('button', { name: `Save as ${kind}` });
}

/** What went wrong, in the page's own words. */
async function textOf(page: Page): Promise<string> {
  const notes = page.getByRole('main').getByRole('alert').locator('.sentence, .remedy');
  const words = (await notes.allTextContents()).join(' ').trim();
  return words || 'The page gave no result and no reason.';
}
