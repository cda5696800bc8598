import { defineConfig } from '@playwright/test';
import {
  CHROMIUM_ARGS,
  SWIFTSHADER_ARGS,
  chromiumPath,
  onBuildServer,
  withLongTests,
} from './scripts/chromium';

const launchOptions = (args: string[]) => ({ executablePath: chromiumPath(), args });

/** Both set-ups that every change is tested in: no WebGPU adapter, and a software one. */
export default defineConfig({
  testDir: 'tests/e2e',
  timeout: 60_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  // Half a minute each and more, beside shorter tests of the same: `npm run test:e2e:long`.
  grepInvert: withLongTests() ? undefined : /@long/,
  // A busy machine may starve a browser for a minute; what passes only then is reported as flaky.
  retries: onBuildServer() ? 1 : 0,
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    permissions: ['clipboard-read', 'clipboard-write'],
  },
  projects: [
    // The longest tests are its: begun last, one of them would run alone at the end.
    {
      name: 'swiftshader',
      testMatch:
        /(bench|real|gguf-gpu|gguf-gpu-losses|mlc|mlc-life|mlc-losses|diagnostics)\.spec\.ts/,
      use: { launchOptions: launchOptions(SWIFTSHADER_ARGS) },
    },
    {
      name: 'no-adapter',
      testIgnore: /(gguf-gpu|gguf-gpu-losses|mlc-(life|losses))\.spec\.ts/,
      use: { launchOptions: launchOptions(CHROMIUM_ARGS) },
    },
  ],
});
