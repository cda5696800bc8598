/** The Diagnostics page's words: which browser, what is missing, the verdict, and the text to copy. */
import { describe, expect, it } from 'vitest';
import { browserFacts, type BrowserSource } from '#core/diagnosis/browser';
import type { Findings, PageFacts } from '#core/diagnosis/findings';
import { groupsOf } from '#core/diagnosis/groups';
import { lacks } from '#core/diagnosis/lacks';
import { reportText } from '#core/diagnosis/report-text';
import { verdict } from '#core/diagnosis/verdict';
import { wasmFeatures } from '#core/diagnosis/wasm-features';
import type { DeviceReport } from '#core/paddock-api';
import { ADAPTER, deviceReport } from '../fixtures/device-report';
import { LIMITS } from '../fixtures/house';

const AGENTS: [agent: string, touchPoints: number, facts: (string | boolean | null)[]][] = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0',
    0,
    ['Firefox', '141.0', false, 'Windows', null],
  ],
  [
    'Mozilla/5.0 (X11; Linux aarch64; rv:145.0) Gecko/20100101 Firefox/145.0',
    0,
    ['Firefox', '145.0', false, 'Linux', 'arm'],
  ],
  [
    'Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0',
    5,
    ['Firefox', '150.0', true, 'Android', null],
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    0,
    ['Safari', '26.0', false, 'macOS', null],
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.4 Safari/605.1.15',
    5,
    ['Safari', '18.4', false, 'iPadOS', null],
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.7339.39 Mobile/15E148 Safari/604.1',
    5,
    ['Chrome', '140.0.7339.39', true, 'iOS', null],
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
    0,
    ['Edge', '140.0.0.0', false, 'Windows', null],
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    0,
    ['Chrome', '140.0.0.0', false, 'ChromeOS', null],
  ],
  [
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36',
    0,
    ['Chrome', '156.0.0.0', false, 'Linux', null],
  ],
  ['curl/8', 0, ['unknown', '', false, 'unknown', null]],
];

describe('a browser', () => {
  it.each(AGENTS)('%s', async (userAgent, maxTouchPoints, facts) => {
    const found = await browserFacts({ userAgent, maxTouchPoints });
    const { name, version, mobile, system, architecture } = found;
    expect([name, version, mobile, system, architecture]).toEqual(facts);
  });

  const hints = (changes: Partial<NonNullable<BrowserSource['userAgentData']>>) =>
    browserFacts({
      userAgent: 'Mozilla/5.0',
      userAgentData: {
        brands: [
          { brand: 'Not;A=Brand', version: '8' },
          { brand: 'Chromium', version: '156' },
          { brand: 'Microsoft Edge', version: '156' },
        ],
        mobile: false,
        platform: 'Windows',
        ...changes,
      },
    });

  it('is known by client hints where there are any', async () => {
    const getHighEntropyValues = () =>
      Promise.resolve({
        architecture: 'arm',
        platformVersion: '15.0.0',
        fullVersionList: [
          { brand: 'Microsoft Edge', version: '156.0.1.2' },
          { brand: 'Chromium', version: '156.0.3.4' },
        ],
      });
    expect(await hints({ getHighEntropyValues })).toEqual({
      name: 'Edge',
      version: '156.0.1.2',
      mobile: false,
      system: 'Windows',
      system_version: '11',
      architecture: 'arm',
    });
  });

  it('that refuses the finer hints is known by the coarse ones', async () => {
    const getHighEntropyValues = () => Promise.reject(new Error('NotAllowedError'));
    const facts = await hints({ getHighEntropyValues, platform: 'Chrome OS', brands: [] });
    expect(facts.name).toBe('unknown'); // no brands: by the user agent
    expect(await hints({ getHighEntropyValues, platform: 'Chrome OS' })).toMatchObject({
      name: 'Edge',
      version: '156',
      system: 'ChromeOS',
      system_version: null,
    });
  });
});

it('WebAssembly’s parts are found by modules that this Node knows the answer to', () => {
  expect(wasmFeatures()).toMatchObject({ simd: true, threads: true, exceptions: true });
  expect(wasmFeatures().jspi).toBe('Suspending' in WebAssembly);
});

const REPORT = deviceReport(LIMITS);
const { browser, languages, wasm, cores } = REPORT;
const PAGE: PageFacts = {
  browser,
  languages,
  wasm,
  cores,
  secure: true,
  isolated: true,
  webgpu: true,
  service_worker: 'controls',
  persist: 'granted',
  storage_denied: false,
};

function findings(report: Partial<DeviceReport> = {}, page: Partial<PageFacts> = {}): Findings {
  return { report: { ...REPORT, ...report }, page: { ...PAGE, ...page } };
}

/** With an adapter. */
function graphics(changes: Partial<typeof ADAPTER.limits> = {}): Partial<DeviceReport> {
  return {
    adapter: { ...ADAPTER.limits, ...changes },
    webgpu: { missing: null, adapter: ADAPTER.facts },
  };
}

const SLOW = { software: true, slow: true, f16: false, name: 'google swiftshader' };

describe('the verdict and what is missing', () => {
  const noHost = (page: Partial<PageFacts>): Findings => ({
    report: null,
    page: { ...PAGE, ...page },
  });
  const TABLE: [what: string, findings: Findings, says: RegExp, lacks: string[]][] = [
    ['a real adapter', findings(graphics()), /^Models run on your graphics adapter \(nvidia/, []],
    [
      'one without 16-bit floats',
      findings(graphics({ f16: false })),
      /^GGUF models that Paddock’s own engine knows and MLC models with 32-bit floats run on your graphics adapter.*no 16-bit floats; others run on the CPU with 2 threads/,
      ['shader_f16'],
    ],
    [
      'one with small limits',
      findings(graphics({ storage_buffers: 8 })),
      /^GGUF models run on your graphics adapter \(nvidia.*too small for MLC models\.$/,
      ['adapter_limits'],
    ],
    [
      'one with small limits and without 16-bit floats',
      findings(graphics({ f16: false, workgroup_storage: 16_384 })),
      /^GGUF models that Paddock’s own engine knows run on your graphics adapter \(nvidia.*too small for MLC models\.$/,
      ['shader_f16', 'adapter_limits'],
    ],
    [
      'a software adapter with small limits',
      findings(graphics({ ...SLOW, slow: false, f16: true, storage_buffers: 8 })),
      /^Models run on the CPU with 2 threads: the limits of the graphics adapter \(google/,
      ['adapter_limits'],
    ],
    [
      'a software adapter',
      findings(graphics(SLOW)),
      /^Models run on the CPU with 2 threads: .*swiftshader\) is the processor itself/,
      ['fast_adapter'],
    ],
    [
      'a software adapter that is faster than the CPU',
      findings(graphics({ ...SLOW, slow: false, f16: true })),
      /^MLC models run on the graphics adapter \(google swiftshader\).*others run on the CPU/,
      [],
    ],
    [
      'one without 16-bit floats',
      findings(graphics({ ...SLOW, slow: false })),
      /^MLC models with 32-bit floats run on the graphics adapter \(google swiftshader\), which is software and faster here; others run on the CPU/,
      ['shader_f16'],
    ],
    ['no adapter', findings(), /gives no graphics adapter\.$/, ['adapter']],
    [
      'no WebGPU',
      findings({ webgpu: { missing: 'no_webgpu', adapter: null } }, { webgpu: false }),
      /this browser has no WebGPU/,
      ['webgpu'],
    ],
    [
      'WebGPU for pages alone',
      findings({ webgpu: { missing: 'no_webgpu', adapter: null } }),
      /this browser has no WebGPU/,
      ['webgpu_in_workers'],
    ],
    [
      'no isolation',
      findings({ isolated: false, threads: 1 }),
      /on the CPU with one thread/,
      ['adapter', 'isolation'],
    ],
    [
      'little room',
      findings({ free_storage: 1_000_000_000, ...graphics() }),
      /graphics adapter/,
      ['room'],
    ],
    [
      'records, which may be evicted',
      findings({
        storage: { ...REPORT.storage, kind: 'indexeddb', persisted: false },
        ...graphics(),
      }),
      /graphics adapter/,
      ['files', 'persistence'],
    ],
    ['no SIMD', noHost({ wasm: { ...wasm, simd: false } }), /No model runs here: .*SIMD/, ['simd']],
    ['an insecure address', noHost({ secure: false, webgpu: false }), /not secure/, ['secure']],
    ['no storage', noHost({ storage_denied: true }), /refuses this site its storage/, ['storage']],
    ['no host', noHost({}), /Paddock does not answer/, []],
  ];

  it.each(TABLE)('%s', (_what, given, says, missing) => {
    expect(verdict(given)).toMatch(says);
    expect(lacks(given)).toEqual(missing);
    // Whatever is missing has its remedy in some line.
    const remedies = groupsOf(given).flatMap(({ lines }) => lines.filter((line) => line.remedy));
    expect(remedies).toHaveLength(missing.length);
  });
});

it('a measurement that failed says why, and the others are there', () => {
  const given = findings({
    ...graphics(SLOW),
    failed: { contest: 'it had not ended after 2 s', buffer: 'device lost' },
  });
  const lines = groupsOf(given).flatMap(({ lines }) => lines);
  const value = (label: string) => lines.find((line) => line.label === label)?.value;
  expect(value('Adapter')).toBe(
    'google swiftshader (software, not measured: it had not ended after 2 s)',
  );
  expect(value('Largest buffer made')).toBe('not measured: device lost');
  expect(value('Largest 32-bit memory')).toBe('4.3 GB');
});

it('the text has the verdict, every line with its remedy, features and limits', () => {
  const text = reportText(findings(graphics({ f16: false })));
  expect(text).toMatch(
    /^# Paddock diagnostics\n\nGGUF models that Paddock’s own engine knows and MLC models/,
  );
  expect(text).toContain('- 16-bit floats (shader-f16): no\n  - Paddock’s own engine does without');
  expect(text).toContain('shader-f16, subgroups');
  expect(text).toContain('- maxBufferSize: 4,294,967,296');
  for (const group of groupsOf(findings(graphics()))) expect(text).toContain(`## ${group.title}`);
});
