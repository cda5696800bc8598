/** A leader that is kept for the way back (bfcache), which Playwright switches off unless it is told not to. */
import { CHROMIUM_ARGS, chromiumPath } from '../../scripts/chromium';
import { startChatting, test } from './site';
import { exchange, expectCutOff, openTab, stream } from './tabs';

test.use({ serviceWorkers: 'allow' });

test.use({
  launchOptions: {
    executablePath: chromiumPath(),
    args: CHROMIUM_ARGS,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  },
});

test(
  'a leader that goes to another page leaves the lead to a follower',
  { tag: '@long' },
  async ({ page, site }) => {
    await startChatting(page, site);
    const follower = await openTab(page, site);
    await stream(follower);
    await page.goto(site.url.replace('localhost', '127.0.0.1'));
    await expectCutOff(follower);
    await exchange(follower, 'Now from here.');
    await page.goBack();
    await exchange(page, 'Back as a follower.');
  },
);
