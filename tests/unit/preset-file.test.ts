/** Presets as Modelfiles. */
import { expect, it } from 'vitest';
import type { Preset } from '#core/preset';
import { presetFromText, presetText } from '#core/preset-file';

const preset: Preset = {
  name: 'mine',
  from: 'smollm2:135m',
  system: 'Say "yes".\nOr <b>no</b>.',
  template: '{{ .Prompt }}',
  parameters: [
    { name: 'temperature', text: '0.5' },
    { name: 'stop', text: '<|a|>' },
    { name: 'stop', text: ' b ' },
  ],
  messages: [
    { role: 'user', content: 'Hi' },
    { role: 'assistant', content: 'Ho' },
  ],
};

it('comes back the same', () => {
  expect(presetText(preset)).toContain('FROM smollm2:135m\nPARAMETER temperature 0.5\n');
  expect(presetFromText('mine', presetText(preset))).toEqual(preset);
});

it('what a preset has no place for, and what is no Modelfile, is refused in words', () => {
  expect(() => presetFromText('x', 'FROM a\nADAPTER ./lora.gguf')).toThrow(/no place for ADAPTER/);
  expect(() => presetFromText('x', 'SYSTEM hi')).toThrow(/no FROM line/);
  expect(() => presetFromText('x', 'FROM a\nNONSENSE b')).toThrow(/line 2/);
});
