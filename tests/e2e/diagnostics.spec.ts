/** What runs on this device, what is missing, and what to do about it; with and without a graphics adapter. */
import AxeBuilder from '@axe-core/playwright';
import type { DeviceReport } from '#core/paddock-api';
import { expect, test } from './site';

test.use({ serviceWorkers: 'allow' });

test('Diagnostics names what is here and missing, with a remedy, and can be copied', async ({
  page,
  site,
}, { project }) => {
  const graphics = project.name === 'swiftshader';
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`${site.url}settings/`);
  await page.getByRole('link', { name: 'Diagnostics' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Diagnostics' })).toBeVisible();
  const main = page.getByRole('main');
  await expect(main).toContainText(/Models run on the CPU with (one thread|\d+ threads): /);
  const section = page.getByRole('region', { name: 'Graphics', exact: true });
  if (graphics) {
    // Either way it has lost: a busy machine may take longer than the contest has.
    await expect(section).toContainText(
      /google swiftshader \(software, not (faster than the CPU|measured: .* after 2 s)\)/,
    );
    await expect(section).toContainText('The processor plays the graphics adapter here.');
    await page.getByText(/^Limits \(\d+\)$/).click();
    await expect(page.getByRole('row', { name: /^maxBufferSize 1,073,741,824$/ })).toBeVisible();
  } else {
    await expect(section).toContainText('no: the browser gives no graphics adapter');
    await expect(section).toContainText('chrome://flags/#enable-unsafe-webgpu');
  }

  await expect(main).toContainText('in charge of this page');
  const report = await page.evaluate(
    async () => (await (await fetch('/api/paddock/device')).json()) as DeviceReport,
  );
  for (const why of Object.values(report.failed)) expect(why).toMatch(/ 2 s$/);
  expect(report.wasm).toEqual({
    ...{ simd: true, relaxed_simd: true, threads: true },
    ...{ exceptions: true, memory64: true, jspi: true },
  });
  if (graphics) {
    expect(report.adapter).toMatchObject({ software: true, slow: true, f16: false });
    expect(report.webgpu.adapter?.features).toContain('subgroups');
    const { largest_buffer: largest } = report.webgpu.adapter!;
    expect(largest ?? report.failed.buffer).toBeTruthy();
  } else {
    expect(report.webgpu).toEqual({ missing: 'no_adapter', adapter: null });
  }

  await page.getByRole('button', { name: 'Copy as text' }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^# Paddock diagnostics\n\nModels run on the CPU with /);
  expect(copied).toContain(`- WebLLM: ${report.versions.webllm}`);

  const measured = page.getByRole('region', { name: 'Paddock' }).getByText(report.measured_at);
  await expect(measured).toBeVisible();
  await page.getByRole('button', { name: 'Measure again' }).click();
  await expect(measured).toHaveCount(0);

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});
