/**
 * Run inside the interpreter before a program: `console`, and how values are written. It is given functions of the
 * host that take texts alone, so that no object of the host is ever reachable.
 */
export const PRELUDE = `(print) => {
  'use strict';
  const { stringify } = JSON;
  const text = String;
  const write = (value) => {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.name + ': ' + value.message;
    if (typeof value === 'function') return '[function ' + (value.name || 'without a name') + ']';
    if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : text(value) + (typeof value === 'bigint' ? 'n' : '');
    try {
      const seen = [];
      const json = stringify(value, function (key, one) {
        if (typeof one === 'bigint') return text(one) + 'n';
        if (one instanceof Map) return { Map: [...one] };
        if (one instanceof Set) return { Set: [...one] };
        if (one instanceof Error) return one.name + ': ' + one.message;
        if (typeof one === 'function') return '[function]';
        if (typeof one === 'object' && one !== null) {
          while (seen.length > 0 && seen[seen.length - 1] !== this && seen.includes(this)) seen.pop();
          if (seen.includes(one)) return '[circular]';
          seen.push(one);
        }
        return one;
      });
      return json === undefined ? text(value) : json;
    } catch (error) {
      return text(value);
    }
  };
  const line = (...values) => print(values.map(write).join(' '));
  const console = {};
  for (const name of ['log', 'info', 'warn', 'error', 'debug']) console[name] = line;
  Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true });
  return write;
}`;
