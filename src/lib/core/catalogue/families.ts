/** Models as people name them, each with all files that have it: GGUF files of the catalogue, and web-llm's MLC builds. */
import { PaddockError } from '#core/errors';
import { catalogue, type CatalogueEntry, type Task } from './catalogue';
import { MLC, type MlcModel } from './mlc';
import { mlcSize } from './mlc-size';
import { modelKey, namedModel, type NamedModel } from './series';

interface File {
  /** As in a CatalogueEntry: what a pull of it may be called, the first before the repository. */
  names: string[];
  hub: string | null;
  /** `Q4_K_M`, `q4f16_1`. */
  quantization: string;
  /** Bytes of all files. */
  size: number;
  /** True: nobody asked the hub for the size. */
  about: boolean;
  /** Tokens. */
  context: number;
  capabilities: string[];
}

export interface GgufFile extends File {
  format: 'gguf';
  entry: CatalogueEntry;
}

export interface MlcFile extends File {
  format: 'mlc';
  model: MlcModel;
}

export type FamilyFile = GgufFile | MlcFile;

export interface Family {
  /** `Llama 3.2 1B`; no two share one. */
  title: string;
  about: string;
  tasks: Task[];
  /** What any of its files can do. */
  capabilities: string[];
  parameters: number;
  license: string;
  /** The public page of its repository. */
  source: string;
  /** Year and month. */
  released: string;
  /** MLC builds, the preferred first, then GGUF files. */
  files: FamilyFile[];
}

/** Models from before are listed behind the others: what came since does better at the same size. */
const OLDER = '2024-06';
const HUB_PAGE = 'https://huggingface.co/';

let known: readonly Family[] | undefined;

/**
 * All of them: first the ones of `models.json`, which were chosen by hand, in its order; then the rest, the newest
 * first; last those that are old, in the same two parts.
 */
export function families(): readonly Family[] {
  known ??= [...merged()].sort(
    (a, b) =>
      Number(isOlder(a)) - Number(isOlder(b)) ||
      Number(isPlain(a)) - Number(isPlain(b)) ||
      (isPlain(a) ? newestFirst(a, b) : 0),
  );
  return known;
}

export function isOlder({ released }: Family): boolean {
  return released < OLDER;
}

/** `MLC q4f16_1` */
export function fileLabel({ format, quantization }: FamilyFile): string {
  return `${format === 'mlc' ? 'MLC' : 'GGUF'} ${quantization}`;
}

function isPlain({ files }: Family): boolean {
  return files.every(({ format }) => format === 'mlc');
}

/** Of one size, the plain one before its kinds. */
function newestFirst(a: Family, b: Family): number {
  return (
    b.released.localeCompare(a.released) ||
    a.parameters - b.parameters ||
    a.title.length - b.title.length
  );
}

function merged(): Iterable<Family> {
  const byKey = new Map<string, Family>();
  for (const entry of catalogue()) {
    const key = entryKey(entry);
    const { series } = nameOf(key);
    const { title, about, tasks, capabilities, parameters, license, source } = entry;
    const facts = { title, about, tasks, capabilities, parameters, license, source };
    byKey.set(key, { ...facts, released: series.released, files: [ggufFile(entry)] });
  }
  const builds = new Map<string, MlcModel[]>();
  for (const model of MLC.models) {
    const key = modelKey(model.repository);
    builds.set(key, [...(builds.get(key) ?? []), model]);
  }
  for (const [key, models] of builds) {
    const named = nameOf(key);
    const family = byKey.get(key) ?? plainFamily(named, models[0]!);
    const files = models.map((model) => mlcFile(model, family.parameters, named)).sort(preferred);
    const can = [...new Set([...files, ...family.files].flatMap((file) => file.capabilities))];
    byKey.set(key, { ...family, capabilities: can, files: [...files, ...family.files] });
  }
  return byKey.values();
}

function nameOf(key: string): NamedModel {
  const named = namedModel(key);
  if (!named) throw new PaddockError('internal', `series.json has no series for ${key}`);
  return named;
}

/** An entry's files are named by its repository; the starter's, which this site has, by its page. */
function entryKey({ hub, source }: CatalogueEntry): string {
  const path = hub?.replace(/:[^:]*$/, '') ?? new URL(source).pathname;
  return modelKey(path.split('/').slice(1, 3).join('/'));
}

function plainFamily({ series, title, parameters, license }: NamedModel, model: MlcModel): Family {
  return {
    title,
    about: series.about ?? '',
    tasks: series.tasks ?? [model.type],
    capabilities: [],
    parameters,
    license,
    source: HUB_PAGE + model.repository,
    released: series.released,
    files: [],
  };
}

function ggufFile(entry: CatalogueEntry): GgufFile {
  const { names, hub, quantization, size, context, capabilities } = entry;
  const file = { names, hub, quantization, size, context, capabilities };
  return { format: 'gguf', ...file, about: hub !== null, entry };
}

function mlcFile(model: MlcModel, parameters: number, { series }: NamedModel): MlcFile {
  const { repository, quantization, type, tools } = model;
  const contexts = model.variants.map(({ context }) => context ?? series.context ?? 0);
  const kind = type === 'embedding' ? ['embedding'] : ['completion'];
  return {
    format: 'mlc',
    names: [],
    hub: `hf.co/${repository}`,
    quantization,
    size: mlcSize(parameters, quantization),
    about: true,
    context: Math.max(...contexts),
    capabilities: [
      ...kind,
      ...(type === 'vision' ? ['vision'] : []),
      ...(tools ? ['tools'] : []),
      ...(series.capabilities ?? []),
    ],
    model,
  };
}

/** Quantized before whole, then 16-bit floats before 32: half the memory and twice the rate. */
function preferred(a: MlcFile, b: MlcFile): number {
  const whole = ({ quantization }: MlcFile) => Number(quantization.startsWith('q0'));
  return whole(a) - whole(b) || Number(b.model.f16) - Number(a.model.f16);
}
