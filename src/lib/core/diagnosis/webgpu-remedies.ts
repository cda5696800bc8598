/**
 * WebGPU by browser and system. Which version brought it where: the implementation status of the WebGPU group and MDN's
 * compatibility data, read in November 2026. A browser that is new enough gets no version to update to.
 */
import type { BrowserFacts } from '#core/paddock-api';

const APPLE_PHONES = new Set(['iOS', 'iPadOS']);

/** The address that each browser's own pages begin with. */
const SCHEMES = new Map([
  ['Edge', 'edge'],
  ['Opera', 'opera'],
  ['Brave', 'brave'],
]);

/** For a browser without `navigator.gpu`. */
export function webGpuRemedy(browser: BrowserFacts): string {
  const { name, system } = browser;
  const apple = system === 'macOS' || APPLE_PHONES.has(system);
  if (name === 'Safari' && apple && parseInt(browser.version, 10) >= 26) return newSafari(system);
  if (APPLE_PHONES.has(system)) return `Update to ${system} 26 or newer, which brings WebGPU.`;
  if (name === 'Safari') return 'Update to Safari 26 or newer, which brings WebGPU.';
  if (name === 'Firefox') return firefox(browser);
  return chromium(browser);
}

/** For a browser that has WebGPU and gives no adapter. */
export function adapterRemedy(browser: BrowserFacts): string {
  const { name, system } = browser;
  if (APPLE_PHONES.has(system) || name === 'Safari') {
    return `Restart the browser, and update ${system === 'unknown' ? 'the system' : system}.`;
  }
  if (name === 'Firefox') {
    return `${switched(system)} about:support names the reason under Graphics.`;
  }
  const scheme = SCHEMES.get(name) ?? 'chrome';
  const page = `${scheme}://gpu names the reason.`;
  if (system === 'Linux') {
    return `Open ${scheme}://flags/#enable-unsafe-webgpu, enable it and “Vulkan” there, and restart. It needs a current Vulkan driver (Mesa, or the maker's own); ${page}`;
  }
  if (system === 'Windows' && browser.architecture === 'arm') {
    return `Open ${scheme}://flags/#enable-unsafe-webgpu, enable it, and restart; ${page}`;
  }
  if (browser.mobile) {
    return 'Update the browser and the system: WebGPU needs Android 12 or newer, and not every graphics processor has it.';
  }
  return `Switch on graphics acceleration in ${scheme}://settings/system, update the graphics driver, and restart; ${page}`;
}

/** Safari 26 runs on older Macs too, without WebGPU; on phones and tablets it has it unless that was switched off. */
function newSafari(system: string): string {
  return APPLE_PHONES.has(system)
    ? 'This Safari has WebGPU, unless it was switched off: look in Settings, Apps, Safari, Advanced, Feature Flags.'
    : 'Update to macOS 26 or newer: on an older one Safari has no WebGPU. Chrome or Edge have it there.';
}

function chromium(browser: BrowserFacts): string {
  const { name, system, mobile } = browser;
  const since = mobile ? 121 : system === 'Linux' ? 144 : 113;
  const version = parseInt(browser.version, 10);
  // Of another name only the family is known, and its versions may count otherwise.
  const counted = name === 'Chrome' || name === 'Chromium' || name === 'Edge';
  if (counted && version < since) {
    return `Update ${name}, which has version ${version} here: WebGPU came with ${since}.`;
  }
  if (!counted && !mobile) return 'Update the browser, or use a current Chrome or Edge.';
  return adapterRemedy(browser);
}

function firefox({ system, version }: BrowserFacts): string {
  const installed = parseInt(version, 10);
  if (system === 'Windows' && installed < 141) {
    return `Update Firefox, which has version ${installed} here: WebGPU came to Windows with 141.`;
  }
  if (system === 'macOS' && installed < 147) {
    return `Update Firefox, which has version ${installed} here: WebGPU came to Macs with Apple silicon with 147 (on macOS 26 with 145). On a Mac with Intel use Chrome or Edge.`;
  }
  return switched(system);
}

/** Where Firefox has it behind a switch, or it was switched off. */
function switched(system: string): string {
  const other = system === 'Android' ? 'Chrome' : 'Chrome or Edge';
  return `Open about:config, set dom.webgpu.enabled and dom.webgpu.workers.enabled to true, and restart; versions that do not take it need Firefox Nightly, or use ${other}.`;
}
