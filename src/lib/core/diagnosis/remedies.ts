/** What to do about each missing thing, in this browser on this system. Versions are those that brought a thing. */
import type { BrowserFacts } from '#core/paddock-api';
import type { Lack } from './findings';
import { adapterRemedy, webGpuRemedy } from './webgpu-remedies';

type Writer = (browser: BrowserFacts) => string;

/** One or two sentences. */
export function remedy(lack: Lack, browser: BrowserFacts): string {
  return REMEDIES[lack](browser);
}

const OTHER_BROWSER = 'Update the browser, or use a current Chrome, Edge, Firefox or Safari.';

const REMEDIES: Record<Lack, Writer> = {
  secure: () =>
    'Open the site over https://, or on the computer that serves it as http://localhost with the same port.',
  webgpu: webGpuRemedy,
  webgpu_in_workers: ({ name }) =>
    name === 'Firefox'
      ? 'Open about:config, set dom.webgpu.workers.enabled to true, and restart Firefox.'
      : 'Update the browser: it gives WebGPU to pages and not yet to workers, where models run.',
  adapter: adapterRemedy,
  adapter_answer: () =>
    'Close other tabs that draw much, then restart the browser: its graphics process has stopped answering.',
  fast_adapter: (browser) =>
    `The processor plays the graphics adapter here. If this computer has a real one: ${lowerFirst(adapterRemedy(browser))}`,
  shader_f16: ({ system }) =>
    'Paddock’s own engine does without, and so do models whose names have q4f32 or q0f32. A newer graphics driver' +
    (system === 'Linux' ? ' (NVIDIA: 615.71 or newer)' : '') +
    ' and browser may bring it; older graphics processors have none.',
  adapter_limits: () =>
    'Choose GGUF models, which need less. A newer graphics driver or browser may allow more.',
  isolation: () =>
    'Reload the page: Paddock adds the headers itself from the second load on. If that does not help, whoever publishes the site can send Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp.',
  simd: () => `${OTHER_BROWSER} All of these have had it for years.`,
  relaxed_simd: ({ name }) =>
    name === 'Safari' || name === 'Firefox'
      ? 'Nothing needs it; a later version of the browser may bring it.'
      : 'Nothing needs it; a newer browser brings it.',
  newer_wasm: () =>
    'Nothing needs it: without it llama.cpp runs in a second build, which is somewhat slower. A newer browser brings it.',
  memory: ({ system, mobile }) =>
    mobile || system === 'iOS' || system === 'iPadOS'
      ? 'Close other tabs and apps, reload, and choose models under 1 GB.'
      : 'Close other tabs and reload. A 32-bit browser never has more than some 2 GB: use a 64-bit one.',
  storage: () =>
    'Allow site data (cookies) for this address in the browser’s settings, leave private browsing, and reload.',
  files: ({ name }) =>
    name === 'Firefox' || name === 'Safari'
      ? `Leave private browsing, where ${name} gives sites no files, or update the browser.`
      : 'Leave private browsing, or update the browser.',
  room: () =>
    'Delete models that you do not use, or free space on the disk: a browser gives each site a share of it, and less in private browsing.',
  persistence: ({ name, system }) => {
    if (system === 'iOS' || system === 'iPadOS') {
      return 'Add Paddock to the home screen (Share, Add to Home Screen): Safari then keeps its data.';
    }
    if (name === 'Firefox') {
      return 'Press “Ask the browser to keep it”, here or in Settings, and allow it where Firefox asks.';
    }
    return 'Press “Ask the browser to keep it”, here or in Settings. Some browsers agree only when the site is installed or used often.';
  },
  service_worker: ({ name }) =>
    name === 'Firefox'
      ? 'Leave private browsing, and let Firefox keep cookies and site data for this address.'
      : 'Leave private browsing, and allow site data (cookies) for this address.',
  control: () =>
    'Reload the page in the usual way: a reload with Shift passes the service worker by.',
};

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
