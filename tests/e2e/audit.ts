/** What every page has to pass, however it is looked at. */
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { withLongTests } from '../../scripts/chromium';

/** WCAG 2.2 AA, and 7:1 for text is checked in the tokens' own test. */
export async function audit(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    // Otherwise each audit opens a window to put frames together, of which we have none.
    .setLegacyMode()
    .analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }))).toEqual(
    [],
  );
}

export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
}

/** A desktop in the light and a phone in the dark; with the long tests each in both. */
const LOOKS: { width: number; schemes: ('light' | 'dark')[] }[] = [
  { width: 1440, schemes: withLongTests() ? ['light', 'dark'] : ['light'] },
  { width: 360, schemes: withLongTests() ? ['light', 'dark'] : ['dark'] },
];

/** Both checks in every look; ends as a phone in the dark. */
export async function auditEveryLook(page: Page): Promise<void> {
  for (const { width, schemes } of LOOKS) {
    await page.setViewportSize({ width, height: 800 });
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await audit(page);
    }
    await expectNoSidewaysScroll(page);
  }
}

/** What is in sight and under 44 px, as text. */
export function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('button, a[href], textarea, select, summary, .field, label')]
      // A link in a line of text is part of it, whose height it cannot have for itself.
      .filter(
        (element) =>
          element.checkVisibility() &&
          !element.matches(
            '.skip, .markdown a, p a, td a, label:not(:has(input[type=checkbox], input[type=radio]))',
          ),
      )
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}x${box.height}`),
  );
}
