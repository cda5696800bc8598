/** Search, filters and order of the catalogue, and why a file cannot be downloaded. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { aboutKey, aboutText } from '#core/catalogue/about-words';
import { isAmong, keysOf, parameterText } from '#core/catalogue/catalogue';
import { families } from '#core/catalogue/families';
import { filtered, type Filter } from '#core/catalogue/filter';
import { offerOf, type Offer } from '#core/catalogue/offers';
import type { LadderOptions } from '#core/ladder';
import type { DeviceLimits } from '#core/paddock-api';
import { ENGLISH, speakBy } from '#core/language';
import { STARTER } from '#core/starter';
import { blockedBy } from '../../src/lib/ui/models/catalogue/blocked';
import { LIMITS } from '../fixtures/house';

const all = families();
const ANY: Filter = {
  text: '',
  task: '',
  capability: '',
  most: Infinity,
  fits: false,
  order: 'suggested',
};
const GPU: DeviceLimits = {
  ...LIMITS,
  device_memory: 8 * 1024 ** 3,
  adapter: {
    name: 'GPU',
    f16: true,
    software: false,
    slow: false,
    max_buffer: 4e9,
    max_binding: 4e9,
    workgroup_storage: 32_768,
    storage_buffers: 10,
  },
};
const offers = (device: DeviceLimits | null, options: LadderOptions = {}) =>
  all.map((family) => offerOf(family, device, options));
const show = (filter: Partial<Filter>, device: DeviceLimits | null = LIMITS) =>
  filtered(offers(device), { ...ANY, ...filter });
const titles = (filter: Partial<Filter>, device?: DeviceLimits | null) =>
  show(filter, device).map(({ family }) => family.title);

it('a description is found by its English words and by the spoken ones', () => {
  const { title, about } = all.find((family) => family.title === 'SmolVLM 256M')!;
  const catalogue = { [aboutKey(about)]: () => 'Beschreibt Bilder.' };
  speakBy(() => ({ ...ENGLISH, tag: 'de', catalogue }));
  onTestFinished(() => speakBy(() => ENGLISH));
  expect(aboutText(about)).toBe('Beschreibt Bilder.');
  expect(titles({ text: 'beschreibt bilder' })).toEqual([title]);
  expect(titles({ text: about })).toContain(title);
});

describe('an offer', () => {
  const offer = (title: string, device: DeviceLimits | null, options: LadderOptions = {}): Offer =>
    offerOf(
      all.find((family) => family.title === title)!,
      device,
      options,
    );

  it('is the file that the ladder picks, in its size', () => {
    expect(offer('Llama 3.2 1B', LIMITS).file.format).toBe('gguf');
    expect(offer('Llama 3.2 1B', GPU).file).toMatchObject({
      format: 'mlc',
      quantization: 'q4f16_1',
    });
    expect(offer('Llama 3.2 1B', GPU, { capability: 'tools' }).file.format).toBe('gguf');
  });

  it('is the GGUF file while nothing is measured: it runs on most devices', () => {
    expect(offer('Llama 3.2 1B', null)).toMatchObject({ ladder: null, standing: 'perhaps' });
    expect(offer('Llama 3.2 1B', null).file.format).toBe('gguf');
    expect(offer('Phi 4 Mini', null).file.quantization).toBe('q4f16_1');
  });

  it('stands as the file of it that is picked does', () => {
    expect(offer('Llama 3.2 1B', LIMITS).standing).toBe('fits');
    expect(offer('Phi 4 Mini', LIMITS).standing).toBe('no');
    expect(offer('Qwen 3 8B', GPU).standing).toBe('perhaps');
  });
});

describe('filters', () => {
  it('nothing asked shows all: what fits first, as it is listed, then what may, then the rest', () => {
    for (const device of [LIMITS, GPU]) {
      const shown = show({}, device);
      expect(shown).toHaveLength(all.length);
      expect(shown.slice(0, 3).map(({ family }) => family.title)).toEqual([
        'SmolLM2 135M',
        'SmolLM2 360M',
        'SmolLM2 1.7B',
      ]);
      const standings = shown.map(({ standing }) => standing);
      const order = ['fits', 'perhaps', 'no'];
      const ranks = standings.map((standing) => order.indexOf(standing));
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      for (const standing of order) {
        const group = shown.filter((offer) => offer.standing === standing);
        const places = group.map(({ family }) => all.indexOf(family));
        expect(places).toEqual([...places].sort((a, b) => a - b));
      }
    }
    expect(titles({}, null)).toEqual(all.map(({ title }) => title));
  });

  it('every word of a search counts, in name, licence and every file’s name', () => {
    expect(titles({ text: ' qwen  CODER ' })).toEqual([
      'Qwen 2.5 Coder 0.5B',
      'Qwen 2.5 Coder 1.5B',
      'Qwen 2.5 Coder 3B',
      'Qwen 2.5 Coder 7B',
    ]);
    expect(titles({ text: 'bartowski llama3.2:1b' })).toEqual(['Llama 3.2 1B']);
    expect(titles({ text: 'Llama-3.2-1B-Instruct-q4f32_1-MLC' })).toEqual(['Llama 3.2 1B']);
    expect(titles({ text: 'mlc smollm2 135m q0f16' })).toEqual(['SmolLM2 135M']);
    expect(titles({ text: 'no such model' })).toEqual([]);
  });

  it('a task, a capability and a size narrow it together', () => {
    for (const title of titles({ task: 'embedding' })) {
      expect(all.find((family) => family.title === title)!.tasks).toContain('embedding');
    }
    expect(titles({ task: 'embedding' })).toHaveLength(6);
    expect(titles({ task: 'reasoning', capability: 'tools', most: 1e9 })).toEqual(['Qwen 3 0.6B']);
  });

  it('the size is that of the file which is offered here', () => {
    expect(titles({ text: 'qwen 3 1.7b', most: 1.5e9 }, LIMITS)).toEqual([]); // GGUF Q8_0, 1.8 GB
    expect(titles({ text: 'qwen 3 1.7b', most: 1.5e9 }, GPU)).toEqual(['Qwen 3 1.7B']);
  });

  it('what is not known to fit is left out on request alone', () => {
    const fitting = show({ fits: true }, GPU);
    expect(fitting.length).toBeGreaterThan(20);
    expect(fitting.length).toBeLessThan(all.length);
    expect(fitting.every(({ standing }) => standing === 'fits')).toBe(true);
    expect(titles({ fits: true }, null)).toEqual([]);
  });

  it('orders by size and by name', () => {
    const sizes = (order: Filter['order']) => show({ order }).map(({ file }) => file.size);
    expect(sizes('smallest')).toEqual([...sizes('smallest')].sort((a, b) => a - b));
    expect(sizes('largest')).toEqual(sizes('smallest').reverse());
    expect(titles({ order: 'name' })[0]).toBe('all-MiniLM L6 v2');
  });
});

it('parameters are written short', () => {
  expect([135e6, 1.71e9, 1e9, 22.6e6].map(parameterText)).toEqual(['135M', '1.7B', '1B', '23M']);
});

it('a file is known among the installed by any of its names, in whatever case', () => {
  const files = all.find(({ title }) => title === 'Llama 3.2 1B')!.files;
  const here = (...names: string[]) =>
    files.filter((file) => isAmong(keysOf(names), file)).map(({ quantization }) => quantization);
  expect(here('llama3.2:1b')).toEqual(['Q4_K_M']);
  expect(here('hf.co/mlc-ai/Llama-3.2-1B-Instruct-q4f32_1-MLC:latest')).toEqual(['q4f32_1']);
  expect(here('hf.co/mlc-ai/llama-3.2-1b-instruct-q4f32_1-mlc:latest')).toEqual(['q4f32_1']);
  expect(here('llama3.2:3b', 'hf.co/someone/Llama-3.2-1B-Instruct-q4f32_1-MLC:latest')).toEqual([]);
});

describe('what stands in the way of a download', () => {
  const files = all.flatMap((family) => family.files);
  const starter = files.find(({ names }) => names.includes(STARTER.name))!;
  const gguf = files.find(({ format, hub }) => format === 'gguf' && hub !== null)!;
  const mlc = files.find(({ format }) => format === 'mlc')!;
  const hosts = (...addresses: string[]) =>
    addresses.map((address) => ({ address, purpose: () => '' }));
  const hub = 'https://huggingface.co';
  const open = { networkOff: false, offline: false, hosts: hosts(hub) };

  it('nothing, where the hub may be asked', () => {
    expect(blockedBy(gguf, open)).toBeNull();
    expect(blockedBy(gguf, { ...open, hosts: hosts('https:') })).toBeNull();
    expect(blockedBy(gguf, { ...open, hosts: [] })).toBeNull(); // no policy
  });

  it('the publisher has not allowed the hub: neither the short name nor a look-alike does', () => {
    for (const address of ['https://site.test', 'https://hf.co', 'https://evilhuggingface.co']) {
      expect(blockedBy(gguf, { ...open, hosts: hosts(address) })).toMatch(
        /publisher has not allowed huggingface\.co/,
      );
    }
  });

  it('an MLC file needs its library’s host too', () => {
    expect(blockedBy(mlc, open)).toMatch(/has not allowed raw\.githubusercontent\.com/);
    const both = hosts(hub, 'https://raw.githubusercontent.com');
    expect(blockedBy(mlc, { ...open, hosts: both })).toBeNull();
    expect(blockedBy(mlc, { ...open, hosts: [] })).toBeNull();
  });

  it('the network is off, or the device offline; the site’s own needs only the site', () => {
    expect(blockedBy(gguf, { ...open, networkOff: true })).toMatch(/network is switched off/);
    expect(
      blockedBy(starter, { ...open, networkOff: true, hosts: hosts('https://a.test') }),
    ).toBeNull();
    expect(blockedBy(gguf, { ...open, offline: true })).toBe('This device is offline.');
    expect(blockedBy(starter, { ...open, offline: true })).toBe('This device is offline.');
  });
});
