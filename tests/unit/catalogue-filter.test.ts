/** Search, filters and order of the catalogue, and why an entry cannot be downloaded. */
import { describe, expect, it } from 'vitest';
import { catalogue, parameterText } from '#core/catalogue/catalogue';
import { filtered, type Filter } from '#core/catalogue/filter';
import { STARTER } from '#core/starter';
import { blockedBy } from '../../src/lib/ui/models/catalogue/blocked';

const all = catalogue();
const ANY: Filter = {
  text: '',
  task: '',
  capability: '',
  most: Infinity,
  fits: false,
  order: 'listed',
};
const titles = (filter: Partial<Filter>, fits = () => true) =>
  filtered(all, { ...ANY, ...filter }, fits).map(({ title }) => title);

describe('filters', () => {
  it('nothing asked shows all, as they are listed', () => {
    expect(titles({})).toEqual(all.map(({ title }) => title));
  });

  it('every word of a search counts, in name, licence and repository', () => {
    expect(titles({ text: ' qwen  CODER ' })).toEqual([
      'Qwen 2.5 Coder 0.5B',
      'Qwen 2.5 Coder 1.5B',
    ]);
    expect(titles({ text: 'bartowski llama3.2:1b' })).toEqual(['Llama 3.2 1B']);
    expect(titles({ text: 'no such model' })).toEqual([]);
  });

  it('a task, a capability and a size narrow it together', () => {
    for (const title of titles({ task: 'embedding' })) {
      expect(all.find((entry) => entry.title === title)!.tasks).toContain('embedding');
    }
    expect(titles({ task: 'embedding' })).toHaveLength(4);
    expect(titles({ task: 'reasoning', capability: 'tools', most: 1e9 })).toEqual(['Qwen 3 0.6B']);
  });

  it('what is not known to fit is left out on request alone', () => {
    const only = (entry: (typeof all)[number]) => entry.names.includes(STARTER.name);
    expect(filtered(all, { ...ANY, fits: true }, only)).toHaveLength(1);
    expect(filtered(all, ANY, only)).toHaveLength(all.length);
  });

  it('orders by size and by name', () => {
    const sizes = (order: Filter['order']) =>
      filtered(all, { ...ANY, order }, () => true).map(({ size }) => size);
    expect(sizes('smallest')).toEqual(all.map(({ size }) => size).sort((a, b) => a - b));
    expect(sizes('largest')).toEqual(sizes('smallest').reverse());
    expect(titles({ order: 'name' })[0]).toBe('all-MiniLM L6 v2');
  });
});

it('parameters are written short', () => {
  expect([135e6, 1.71e9, 1e9, 22.6e6].map(parameterText)).toEqual(['135M', '1.7B', '1B', '23M']);
});

describe('what stands in the way of a download', () => {
  const starter = all.find(({ names }) => names.includes(STARTER.name))!;
  const other = all.find(({ hub }) => hub !== null)!;
  const hosts = (...addresses: string[]) => addresses.map((address) => ({ address, purpose: '' }));
  const open = { networkOff: false, offline: false, hosts: hosts('https://huggingface.co') };

  it('nothing, where the hub may be asked', () => {
    expect(blockedBy(other, open)).toBeNull();
    expect(blockedBy(other, { ...open, hosts: hosts('https:') })).toBeNull();
    expect(blockedBy(other, { ...open, hosts: [] })).toBeNull(); // no policy
  });

  it('the publisher has not allowed the hub: neither the short name nor a look-alike does', () => {
    for (const address of ['https://site.test', 'https://hf.co', 'https://evilhuggingface.co']) {
      expect(blockedBy(other, { ...open, hosts: hosts(address) })).toMatch(
        /publisher has not allowed huggingface\.co/,
      );
    }
  });

  it('the network is off, or the device offline; the site’s own needs only the site', () => {
    expect(blockedBy(other, { ...open, networkOff: true })).toMatch(/network is switched off/);
    expect(
      blockedBy(starter, { ...open, networkOff: true, hosts: hosts('https://a.test') }),
    ).toBeNull();
    expect(blockedBy(other, { ...open, offline: true })).toBe('This device is offline.');
    expect(blockedBy(starter, { ...open, offline: true })).toBe('This device is offline.');
  });
});
