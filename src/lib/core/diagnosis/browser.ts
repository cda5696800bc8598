/** Which browser this is, and on what: by client hints where there are any, else by the user agent. */
import type { BrowserFacts } from '#core/paddock-api';

/** The part of `navigator` that is read; a worker's has no touch points. */
export interface BrowserSource {
  userAgent: string;
  userAgentData?: {
    brands: { brand: string; version: string }[];
    mobile: boolean;
    platform: string;
    getHighEntropyValues?(hints: string[]): Promise<Hints>;
  };
  maxTouchPoints?: number;
}

interface Hints {
  architecture?: string;
  platformVersion?: string;
  fullVersionList?: { brand: string; version: string }[];
}

/** Never throws: what is not told stays unknown. */
export async function browserFacts(source: BrowserSource): Promise<BrowserFacts> {
  const data = source.userAgentData;
  if (!data || data.brands.length === 0) return byUserAgent(source);
  // May be refused by the person's settings: then the coarse values have to do.
  const hints = await data
    .getHighEntropyValues?.(['architecture', 'platformVersion', 'fullVersionList'])
    .catch(() => undefined);
  const brand = theBrand(hints?.fullVersionList?.length ? hints.fullVersionList : data.brands);
  const system = SYSTEMS.get(data.platform) ?? (data.platform || 'unknown');
  return {
    name: brand ? brand.brand.replace(/^(Google|Microsoft) /, '') : 'Chromium',
    version: brand?.version ?? '',
    mobile: data.mobile,
    system,
    system_version: systemVersion(system, hints?.platformVersion),
    architecture: hints?.architecture || null,
  };
}

const SYSTEMS = new Map([
  ['Chrome OS', 'ChromeOS'],
  ['Chromium OS', 'ChromeOS'],
  ['Unknown', 'unknown'],
]);

/** Browsers name themselves beside Chromium and a brand that is made up, so that nobody relies on the list. */
function theBrand(brands: { brand: string; version: string }[]) {
  const real = brands.filter(({ brand }) => !/not.{0,3}a.{0,3}brand/i.test(brand));
  return real.find(({ brand }) => brand !== 'Chromium') ?? real[0];
}

/** Windows counts its releases there: 13 and more is Windows 11, less is 10, 0 is older. */
function systemVersion(system: string, version: string | undefined): string | null {
  if (!version) return null;
  if (system !== 'Windows') return version;
  const release = parseInt(version, 10);
  return release >= 13 ? '11' : release > 0 ? '10' : null;
}

/** The first that fits: most browsers name others behind their own name. */
const BROWSERS: [name: string, pattern: RegExp][] = [
  ['Edge', /\bEdg(?:A|iOS)?\/([\d.]+)/],
  ['Opera', /\bOPR\/([\d.]+)/],
  ['Samsung Internet', /\bSamsungBrowser\/([\d.]+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/([\d.]+)/],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\/([\d.]+)/],
  ['Safari', /\bVersion\/([\d.]+).*\bSafari\//],
];

function byUserAgent({ userAgent, maxTouchPoints = 0 }: BrowserSource): BrowserFacts {
  const found = BROWSERS.flatMap(([name, pattern]) => {
    const version = pattern.exec(userAgent)?.[1];
    return version === undefined ? [] : [{ name, version }];
  })[0] ?? { name: 'unknown', version: '' };
  return {
    ...found,
    ...bySystem(userAgent, maxTouchPoints),
    mobile: /\bMobi|\bAndroid\b|\biPad\b/.test(userAgent),
    // A Mac's user agent says Intel whatever is in it.
    architecture: /\b(?:aarch64|arm64)\b/i.test(userAgent) ? 'arm' : null,
  };
}

function bySystem(
  text: string,
  touchPoints: number,
): Pick<BrowserFacts, 'system' | 'system_version'> {
  const version = (pattern: RegExp) => pattern.exec(text)?.[1]?.replaceAll('_', '.') ?? null;
  if (/\biPhone\b|\biPod\b/.test(text)) {
    return { system: 'iOS', system_version: version(/\bOS ([\d_]+)/) };
  }
  // An iPad's Safari calls itself a Mac; no Mac has more than one touch point.
  if (/\biPad\b/.test(text) || (/\bMacintosh\b/.test(text) && touchPoints > 1)) {
    return { system: 'iPadOS', system_version: version(/\bCPU OS ([\d_]+)/) };
  }
  if (/\bAndroid\b/.test(text)) {
    return { system: 'Android', system_version: version(/\bAndroid ([\d.]+)/) };
  }
  // Both stopped counting there: macOS at 10.15, Windows at 10.0.
  if (/\bMacintosh\b/.test(text)) return { system: 'macOS', system_version: null };
  if (/\bWindows\b/.test(text)) return { system: 'Windows', system_version: null };
  if (/\bCrOS\b/.test(text)) return { system: 'ChromeOS', system_version: null };
  return { system: /\bLinux\b|\bX11\b/.test(text) ? 'Linux' : 'unknown', system_version: null };
}
