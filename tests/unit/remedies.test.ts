/** What the Diagnostics page says to do, by browser and system. */
import { describe, expect, it } from 'vitest';
import type { Lack } from '#core/diagnosis/findings';
import { remedy } from '#core/diagnosis/remedies';
import type { BrowserFacts } from '#core/paddock-api';

/** `Chrome 156 Linux`, with `mobile` or an architecture behind it. */
function browser(text: string): BrowserFacts {
  const [name = '', version = '', system = '', ...more] = text.split(' ');
  return {
    name,
    version,
    system,
    system_version: null,
    mobile: more.includes('mobile'),
    architecture: more.find((word) => word === 'arm' || word === 'x86') ?? null,
  };
}

const TABLE: [lack: Lack, browser: string, ...says: RegExp[]][] = [
  ['webgpu', 'Chrome 112.0.1 Windows', /Update Chrome/, /version 112 here/, /with 113/],
  ['webgpu', 'Chrome 140 Linux', /Update Chrome/, /with 144/],
  ['webgpu', 'Chrome 156 Linux', /chrome:\/\/flags\/#enable-unsafe-webgpu/, /Vulkan/],
  ['webgpu', 'Chrome 119 Android mobile', /Update Chrome/, /with 121/],
  ['webgpu', 'Chrome 150 Android mobile', /Android 12/],
  ['webgpu', 'Chrome 156 Windows arm', /#enable-unsafe-webgpu/],
  ['webgpu', 'Chrome 156 Windows x86', /chrome:\/\/settings\/system/, /chrome:\/\/gpu/],
  ['webgpu', 'Edge 156 Windows x86', /edge:\/\/settings\/system/, /edge:\/\/gpu/],
  ['webgpu', 'Chrome 150 iOS mobile', /Update to iOS 26/],
  ['webgpu', 'Safari 18.4 iPadOS mobile', /Update to iPadOS 26/],
  ['webgpu', 'Safari 18.4 macOS', /Update to Safari 26/],
  ['webgpu', 'Safari 26.0 macOS', /Update to macOS 26/],
  ['webgpu', 'Safari 26.1 iOS mobile', /Feature Flags/],
  ['webgpu', 'Safari 26.0 Linux', /Update to Safari 26/],
  ['webgpu', 'Firefox 140.0 Windows', /Update Firefox/, /with 141/],
  ['webgpu', 'Firefox 156 Windows', /dom\.webgpu\.enabled/],
  ['webgpu', 'Firefox 144 macOS', /145/, /Apple silicon/, /Intel use Chrome/],
  ['webgpu', 'Firefox 156 Linux', /about:config/, /dom\.webgpu\.enabled/, /Nightly/, /Chrome/],
  ['webgpu', 'Firefox 156 Android mobile', /about:config/, /or use Chrome\.$/],
  ['webgpu', 'unknown  unknown', /current Chrome or Edge/],
  ['webgpu_in_workers', 'Firefox 156 Linux', /dom\.webgpu\.workers\.enabled/],
  ['webgpu_in_workers', 'Safari 26 macOS', /Update the browser/],
  ['adapter', 'Chrome 156 Linux', /enable-unsafe-webgpu/, /driver/, /chrome:\/\/gpu/],
  ['adapter', 'Chrome 156 macOS arm', /graphics acceleration/],
  ['adapter', 'Brave 1.80 Windows', /brave:\/\/gpu/],
  ['adapter', 'Firefox 156 Linux', /about:config/, /about:support/],
  ['adapter', 'Safari 26 macOS', /Restart/],
  ['fast_adapter', 'Chrome 156 Linux', /real one: open chrome:\/\/flags/],
  ['shader_f16', 'Chrome 156 Linux', /q4f32/, /NVIDIA: 615\.71/],
  ['shader_f16', 'Chrome 156 Windows', /q4f32/, /driver and browser/],
  ['isolation', 'Chrome 156 Linux', /Reload/, /Opener-Policy: same-origin/, /require-corp/],
  ['secure', 'Chrome 156 Linux', /https:\/\//, /http:\/\/localhost/],
  ['simd', 'Chrome 80 Linux', /Update the browser/],
  ['memory', 'Chrome 156 Windows', /64-bit/],
  ['memory', 'Safari 26 iOS mobile', /under 1 GB/],
  ['files', 'Firefox 156 Linux', /private browsing, where Firefox/],
  ['persistence', 'Safari 26 iOS mobile', /home screen/],
  ['persistence', 'Firefox 156 Linux', /where Firefox asks/],
  ['persistence', 'Chrome 156 Linux', /installed or used often/],
  ['service_worker', 'Firefox 156 Linux', /private browsing/],
];

describe('says what to do', () => {
  it.each(TABLE)('%s in %s', (lack, text, ...says) => {
    const words = remedy(lack, browser(text));
    for (const one of says) expect(words).toMatch(one);
  });
});

it('never tells a browser that is new enough to update to an older version', () => {
  for (const text of ['Chrome 156 Linux', 'Chrome 156 Windows', 'Firefox 156 Windows']) {
    expect(remedy('webgpu', browser(text))).not.toMatch(/WebGPU came/);
  }
});

it('every lack has whole sentences in every browser, without exclamation marks', () => {
  const lacks = new Set<Lack>(TABLE.map(([lack]) => lack));
  const more: Lack[] = [
    'adapter_answer',
    'adapter_limits',
    'storage',
    'relaxed_simd',
    'newer_wasm',
    'room',
    'control',
  ];
  const browsers = [...new Set(TABLE.map(([, text]) => text))];
  for (const lack of [...lacks, ...more]) {
    for (const text of browsers) {
      const words = remedy(lack, browser(text));
      expect(words).toMatch(/^[A-Z][^!]*\.$/);
      expect(words).not.toMatch(/undefined|NaN/);
    }
  }
});
