/** Which Chromium the tests and tools start, and how. */
import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Replaces the list that Playwright gives, of which it repeats what concerns us. */
const FEATURES_OFF = [
  // The address bar's suggestions are two pages of their own for each window: 40 % of a first visit's CPU time.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // As Playwright wants it: navigation and closing that it can follow.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'PaintHolding',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'ThirdPartyStoragePartitioning',
  // HTTP stays HTTP: the tests of insecure addresses need it.
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  // The rest would call home, or show what nobody looks at.
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'PreconnectToSearch',
  'AimEnabled',
  'LensOverlay',
  'MediaRouter',
];

/** The last of such lists counts, so there is one. */
const without = (features: readonly string[]) => `--disable-features=${features.join(',')}`;

/** The sandbox needs rights that containers lack; the rest keeps Chromium small and from calling home. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  without(FEATURES_OFF),
];

/** For the tests of storage: otherwise the browser's estimate is the same whatever it gives. */
export const TRUE_ESTIMATE_ARGS = [
  ...CHROMIUM_ARGS.filter((arg) => arg !== without(FEATURES_OFF)),
  without([...FEATURES_OFF, 'StaticStorageQuota']),
];

/** A WebGPU adapter in software: subgroups, no `shader-f16`. */
export const SWIFTSHADER_ARGS = [
  ...CHROMIUM_ARGS.filter((arg) => arg !== '--disable-gpu'),
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

/** The machine's own WebGPU adapter; Chromium has it behind Vulkan on Linux. */
export const REAL_GPU_ARGS = [
  ...CHROMIUM_ARGS.filter((arg) => arg !== '--disable-gpu'),
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
];

/** `PADDOCK_CHROMIUM`, or the machine's own Chromium; undefined lets Playwright use the one it installs. */
export function chromiumPath(): string | undefined {
  return process.env.PADDOCK_CHROMIUM ?? PLACES.find((path) => existsSync(path));
}

/** True on a build server, whose machine may be busy with other work. */
export function onBuildServer(): boolean {
  return Boolean(process.env.CI);
}

/** Whether the slowest tests are to run too. */
export function withLongTests(): boolean {
  return (process.env.PADDOCK_LONG ?? '') !== '';
}
