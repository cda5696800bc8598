/** Presets: models made of another on the Models page. */
import AxeBuilder from '@axe-core/playwright';
import { expect, startChatting, test } from './site';

test('a preset is made, found in the chat, edited, and deleted', async ({ page, site }) => {
  await startChatting(page, site);
  await page.goto(`${site.url}models/?model=smollm2:135m`);
  await page.getByRole('button', { name: 'New preset from this' }).click();
  const form = page.getByRole('dialog', { name: 'New preset from smollm2:135m' });
  const save = form.getByRole('button', { name: 'Save' });

  await form.getByRole('textbox', { name: 'Save as' }).fill('smollm2:135m');
  await expect(form).toContainText('A model of this name is on this device already.');
  await expect(save).toBeDisabled();
  await form.getByRole('textbox', { name: 'Save as' }).fill('pirate');
  await form.getByRole('textbox', { name: 'System message' }).fill('<b>Talk like a pirate.</b>');
  await form.getByRole('combobox', { name: 'Parameter to add' }).selectOption('temperature');
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await form.getByRole('textbox', { name: 'temperature' }).fill('9');
  await expect(form).toContainText('It must be between 0 and 2.');
  await expect(save).toBeDisabled();
  await form.getByRole('textbox', { name: 'temperature' }).fill('0.3');
  await save.click();
  await expect(form).toHaveCount(0);

  // It is shown: a model like any other, whose words are text.
  const panel = page.getByRole('dialog', { name: 'pirate:latest' });
  await expect(page).toHaveURL(/model=pirate/);
  await panel.getByText('System', { exact: true }).click();
  await expect(panel.getByText('<b>Talk like a pirate.</b>', { exact: true })).toBeVisible();
  await expect(panel.locator('pre b')).toHaveCount(0);

  await panel.getByRole('button', { name: 'Edit preset' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit pirate:latest' });
  await expect(edit.getByRole('textbox', { name: 'temperature' })).toHaveValue('0.3');
  await edit.getByText('As a Modelfile').click();
  const file = edit.getByRole('textbox', { name: 'Modelfile' });
  await expect(file).toHaveValue(/FROM smollm2:135m/);
  await file.fill('FROM smollm2:135m\nPARAMETER temperature 1.5\nSYSTEM Talk like a sailor.');
  await edit.getByRole('button', { name: 'Take it into the form' }).click();
  await expect(edit.getByRole('textbox', { name: 'System message' })).toHaveValue(
    'Talk like a sailor.',
  );
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toHaveCount(0);
  await expect(panel.getByText('Talk like a sailor.', { exact: true })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.goto(site.url);
  const chosen = page.getByRole('combobox', { name: 'Model' });
  await expect(chosen.getByRole('option', { name: 'pirate:latest' })).toBeAttached();

  await page.goto(`${site.url}models/?model=pirate:latest`);
  await panel.getByRole('button', { name: 'Delete' }).click();
  const confirm = page.getByRole('dialog', { name: 'Delete pirate:latest?' });
  await confirm.getByRole('button', { name: 'Delete' }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByRole('main')).not.toContainText('pirate:latest');
  await expect(page.getByRole('table', { name: 'Installed models' })).toContainText('smollm2:135m');
});
