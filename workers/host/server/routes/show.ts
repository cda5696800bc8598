import { digestHex } from '#core/digest';
import { chooseEngine } from '#core/engine-choice';
import { leftOutBy } from '#core/engine-options';
import { layersOf, type LayerKind } from '#core/manifest';
import type { Command } from '#core/modelfile/commands';
import { printModelfile } from '#core/modelfile/print';
import { isObject } from '#core/is-object';
import type { ChatMessage } from '#core/engine';
import type { WeightsFacts } from '#core/weights-facts';
import { badRequest, flag, isUnset, modelText, readBody, text, type Body } from '../body';
import type { Deps } from '../deps';
import { findModel, readMessages, readParams } from '../generation';
import { writeMessage } from '../messages';
import type { Route } from '../route';
import { json } from '../http';
import type { InstalledModel } from '../../registry/installed';
import { details } from './tags';

/** `POST /api/show`; `system`, `template` and `options` of the request are shown in the place of the model's. */
export const show: Route = async (request, deps) => {
  const body = await readBody(request);
  const spelling = modelText(body);
  if (spelling === '') throw badRequest('model is required');
  const model = await findModel(deps, spelling, { withTag: true });
  const verbose = flag(body, 'verbose', false);
  const header = await deps.registry.readHeader(model, verbose);
  const mlc = await deps.registry.readMlc(model);
  const facts = await deps.registry.facts(model);
  const own = await readTexts(deps, model, body);
  const template = own.template || header?.text('tokenizer.chat_template') || mlc?.template || '';
  const { license, system, params, messages } = own;
  const [projector] = layersOf(model.manifest, 'projector');
  const { renderer, parser, requires } = model.config;
  return json({
    ...(license.length > 0 && { license: license.join('\n') }),
    modelfile: modelfile(model, { ...own, template: mlc ? '' : template }),
    ...(Object.keys(params).length > 0 && { parameters: parameterLines(params).join('\n') }),
    template,
    ...(system && { system }),
    ...(renderer && { renderer }),
    ...(parser && { parser }),
    details: details(model, facts),
    ...(messages.length > 0 && { messages: messages.map(writeMessage) }),
    model_info: header?.modelInfo(verbose) ?? mlc?.modelInfo ?? {},
    ...(projector && {
      projector_info: (await deps.registry.fileHeader(projector.digest)).modelInfo(verbose),
    }),
    ...(verbose && header && { tensors: header.tensorList() }),
    capabilities: facts.capabilities,
    modified_at: new Date(model.modifiedAt).toISOString(),
    ...(requires && { requires }),
    // Ours, behind what Ollama's has.
    // MLC's models have a template of a form of their own.
    ...(own.template && { template_used: !mlc }),
    ...(header && { tensor_types: header.tensorTypes() }),
    ...(await unsupported(deps, model, facts)),
  });
};

/** Options that have no effect with the engine that would run it; nothing where none would. */
async function unsupported(
  { noWebGpu }: Deps,
  { config, manifest }: InstalledModel,
  facts: WeightsFacts,
): Promise<{ unsupported_options?: readonly string[] }> {
  const projector = layersOf(manifest, 'projector').length > 0;
  const about = { format: config.model_format, facts, projector, adapter: false };
  const { engine } = chooseEngine(about, await noWebGpu());
  return engine === null ? {} : { unsupported_options: leftOutBy(engine) };
}

interface Texts {
  template: string;
  system: string;
  license: string[];
  params: Record<string, unknown>;
  messages: ChatMessage[];
}

async function readTexts(deps: Deps, model: InstalledModel, body: Body): Promise<Texts> {
  const textsOf = (kind: LayerKind) =>
    Promise.all(layersOf(model.manifest, kind).map(({ digest }) => deps.registry.readText(digest)));
  const { options } = body;
  if (!isUnset(options) && !isObject(options)) throw badRequest('"options" must be an object');
  const [template = ''] = await textsOf('template');
  const [system = ''] = await textsOf('system');
  return {
    template: text(body, 'template') || template,
    system: text(body, 'system') || system,
    license: await textsOf('license'),
    params: { ...(await readParams(deps, model)), ...(isObject(options) && options) },
    messages: await readMessages(deps, model),
  };
}

/** One `name value` line a parameter; a list repeats its name. */
function parameterLines(params: Record<string, unknown>): string[] {
  return pairsOf(params).map(
    ([name, value]) =>
      `${name.padEnd(30)} ${typeof value === 'string' ? `"${value}"` : inJson(value)}`,
  );
}

/** What a Modelfile can name; any other would be lines of its own there. */
const PARAMETER = /^\w{1,80}$/;

/** A pair a value, of lists too. */
function pairsOf(params: Record<string, unknown>): [name: string, value: unknown][] {
  const named = Object.entries(params).filter(([name]) => PARAMETER.test(name));
  return named.flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).map((item): [string, unknown] => [
      name,
      item,
    ]),
  );
}

function inJson(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

/** As `ollama show --modelfile` prints it. */
function modelfile(model: InstalledModel, texts: Texts): string {
  const { renderer, parser, requires } = model.config;
  const files = (kind: LayerKind) =>
    layersOf(model.manifest, kind).map(({ digest }) => `sha256-${digestHex(digest)}`);
  const commands: Command[] = [
    // An MLC model is many files, which no FROM can name; its own name can be made a model of.
    ...(files('tensor').length > 0 ? [{ name: 'from', value: model.name } as const] : []),
    ...[...files('model'), ...files('projector')].map(
      (value) => ({ name: 'from', value }) as const,
    ),
    ...files('adapter').map((value) => ({ name: 'adapter', value }) as const),
    ...(texts.template || files('model').length > 0
      ? [{ name: 'template', value: texts.template } as const]
      : []),
    ...(texts.system ? [{ name: 'system', value: texts.system } as const] : []),
    ...(renderer ? [{ name: 'renderer', value: renderer } as const] : []),
    ...(parser ? [{ name: 'parser', value: parser } as const] : []),
    ...(requires ? [{ name: 'requires', value: requires } as const] : []),
    ...pairsOf(texts.params).map(
      ([key, value]) =>
        ({
          name: 'parameter',
          key,
          value: typeof value === 'string' ? value : inJson(value),
        }) as const,
    ),
    ...texts.license.map((value) => ({ name: 'license', value }) as const),
    ...texts.messages.flatMap(({ role, content }) =>
      role === 'tool' ? [] : [{ name: 'message', role, value: content } as const],
    ),
  ];
  return (
    '# Modelfile generated by "ollama show"\n' +
    '# To build a new Modelfile based on this, replace FROM with:\n' +
    `# FROM ${model.name}\n\n` +
    printModelfile(commands)
  );
}
