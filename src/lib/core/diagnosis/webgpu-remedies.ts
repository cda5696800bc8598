/**
 * WebGPU by browser and system. Which version brought it where: the implementation status of the WebGPU group and MDN's
 * compatibility data, read in November 2026. A browser that is new enough gets no version to update to.
 */
import * as m from '#core/messages/diagnostics';
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
  if (APPLE_PHONES.has(system)) return m.diagnostics_gpu_update_system({ system });
  if (name === 'Safari') return m.diagnostics_gpu_update_safari();
  if (name === 'Firefox') return firefox(browser);
  return chromium(browser);
}

/** For a browser that has WebGPU and gives no adapter. */
export function adapterRemedy(browser: BrowserFacts): string {
  const { name, system } = browser;
  if (APPLE_PHONES.has(system) || name === 'Safari') {
    return restart(system);
  }
  if (name === 'Firefox') {
    return `${switched(system)} ${m.diagnostics_gpu_support()}`;
  }
  const scheme = SCHEMES.get(name) ?? 'chrome';
  if (system === 'Linux') {
    return m.diagnostics_gpu_linux({ scheme });
  }
  if (system === 'Windows' && browser.architecture === 'arm') {
    return m.diagnostics_gpu_flag({ scheme });
  }
  if (browser.mobile) {
    return m.diagnostics_gpu_phone();
  }
  return m.diagnostics_gpu_acceleration({ scheme });
}

/** Safari 26 runs on older Macs too, without WebGPU; on phones and tablets it has it unless that was switched off. */
function newSafari(system: string): string {
  return APPLE_PHONES.has(system) ? m.diagnostics_gpu_safari_switched() : m.diagnostics_gpu_macos();
}

function chromium(browser: BrowserFacts): string {
  const { name, system, mobile } = browser;
  const since = mobile ? 121 : system === 'Linux' ? 144 : 113;
  const version = parseInt(browser.version, 10);
  // Of another name only the family is known, and its versions may count otherwise.
  const counted = name === 'Chrome' || name === 'Chromium' || name === 'Edge';
  if (counted && version < since) {
    return m.diagnostics_gpu_version({ name, version, since });
  }
  if (!counted && !mobile) return m.diagnostics_gpu_other();
  return adapterRemedy(browser);
}

function firefox({ system, version }: BrowserFacts): string {
  const installed = parseInt(version, 10);
  if (system === 'Windows' && installed < 141) {
    return m.diagnostics_gpu_firefox_windows({ version: installed });
  }
  if (system === 'macOS' && installed < 147) {
    return m.diagnostics_gpu_firefox_mac({ version: installed });
  }
  return switched(system);
}

/** Where Firefox has it behind a switch, or it was switched off. */
function switched(system: string): string {
  return system === 'Android'
    ? m.diagnostics_gpu_firefox_android()
    : m.diagnostics_gpu_firefox_switch();
}

function restart(system: string): string {
  return system === 'unknown'
    ? m.diagnostics_gpu_restart_unknown()
    : m.diagnostics_gpu_restart({ system });
}
