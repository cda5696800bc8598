/** A preset as a Modelfile, and back. */
import { PaddockError } from '#core/errors';
import type { Modelfile } from '#core/modelfile/commands';
import { parseModelfile } from '#core/modelfile/parse';
import { printModelfile } from '#core/modelfile/print';
import type { Preset } from '#core/preset';

export function presetText({ from, system, template, parameters, messages }: Preset): string {
  const modelfile: Modelfile = [
    { name: 'from', value: from },
    ...parameters.map(({ name, text }) => ({ name: 'parameter' as const, key: name, value: text })),
    ...(template ? [{ name: 'template' as const, value: template }] : []),
    ...(system ? [{ name: 'system' as const, value: system }] : []),
    ...messages.map(({ role, content }) => ({ name: 'message' as const, role, value: content })),
  ];
  return printModelfile(modelfile);
}

/**
 * What `text` makes of the preset, whose name it cannot say.
 * @throws PaddockError `bad_request` for what is no Modelfile, or says what a preset has no place for
 */
export function presetFromText(name: string, text: string): Preset {
  const preset: Preset = { name, from: '', system: '', template: '', parameters: [], messages: [] };
  for (const command of parseModelfile(text)) {
    switch (command.name) {
      case 'parameter':
        preset.parameters.push({ name: command.key, text: command.value });
        break;
      case 'message':
        preset.messages.push({ role: command.role, content: command.value });
        break;
      case 'from':
      case 'system':
      case 'template':
        preset[command.name] = command.value;
        break;
      default: {
        const word = command.name.toUpperCase();
        throw new PaddockError('bad_request', `a preset has no place for ${word}`);
      }
    }
  }
  return preset;
}
