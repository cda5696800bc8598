/** Which of a repository's models a tag means, and which projector goes with it. */
import { PaddockError } from '#core/errors';
import { DEFAULT_TAG, displayName, type ModelName } from '#core/names';
import { quantLabel } from '#core/quant-label';
import { stemOf, type GgufModel } from './gguf-files';
import type { HubFile } from './hub-api';
import { listed } from './listed';

/**
 * Without a tag: Q4_K_M, as Ollama has it, then what is nearest to it in size, first the more exact, and files that are
 * not quantized last.
 */
const ORDER = [
  ...['Q4_K_M', 'Q4_K_S', 'Q4_K_L', 'Q4_K_XL', 'Q4_K', 'IQ4_NL', 'IQ4_XS', 'MXFP4', 'MXFP4_MOE'],
  ...['Q4_1', 'Q4_0', 'Q5_K_M', 'Q5_K_S', 'Q5_K_L', 'Q5_K_XL', 'Q5_K', 'Q5_1', 'Q5_0'],
  ...['Q6_K', 'Q6_K_L', 'Q6_K_XL', 'Q8_0', 'Q8_K_XL', 'Q3_K_L', 'Q3_K_M', 'Q3_K_S', 'Q3_K_XL'],
  ...['IQ3_M', 'IQ3_S', 'IQ3_XS', 'IQ3_XXS', 'Q2_K', 'Q2_K_L', 'Q2_K_S', 'Q2_K_XL', 'IQ2_M'],
  ...['IQ2_S', 'IQ2_XS', 'IQ2_XXS', 'IQ1_M', 'IQ1_S', 'TQ2_0', 'TQ1_0', 'BF16', 'F16', 'FP16'],
  ...['F32', 'FP32'],
];
/** Tags that a sentence lists: all that a repository has, unless it is a strange one. */
const LISTED = 40;
/** Of projectors that go equally well: exact and small enough. */
const PROJECTOR_ORDER = ['F16', 'BF16', 'Q8_0', 'F32'];

/** @throws PaddockError `ambiguous`, naming those that match; `not_in_registry`, with `tags` that there are */
export function chooseGguf(models: GgufModel[], name: ModelName, url: string): GgufModel {
  const wanted = name.tag.toLowerCase();
  const matches = wanted === DEFAULT_TAG ? byDefault(models) : tagged(models, wanted);
  const [first, ...others] = matches;
  if (!first) {
    const model = displayName(name);
    const tags = listed(tagsOf(models), LISTED);
    const message = `The repository has no ${name.tag}; it has ${tags}.`;
    throw new PaddockError('not_in_registry', message, { model, url, tags });
  }
  if (others.length === 0) return first;
  const model = displayName(name);
  const message = `${model} may be ${listed(tagsOf(matches), LISTED, [' or ', ' or '])}.`;
  throw new PaddockError('ambiguous', message, { model, url });
}

function tagsOf(models: GgufModel[]): string[] {
  return models.map(({ tag }) => tag);
}

function byDefault(models: GgufModel[]): GgufModel[] {
  const plain = (model: GgufModel) => model.label?.replace(/^UD-/, '') ?? '';
  for (const label of ORDER) {
    const exact = models.filter((model) => model.label === label);
    if (exact.length > 0) return exact;
    const like = models.filter((model) => plain(model) === label);
    if (like.length > 0) return like;
  }
  return models;
}

/** Whatever the case: the file's name, else its label, else a part of the name. */
function tagged(models: GgufModel[], wanted: string): GgufModel[] {
  const bare = wanted.replace(/\.gguf$/, '');
  const readings = [
    ({ stem }: GgufModel) => stem.toLowerCase() === bare,
    ({ label }: GgufModel) => label?.toLowerCase() === wanted,
    ({ label }: GgufModel) => label?.toLowerCase() === `ud-${wanted}`,
    ({ stem }: GgufModel) => `-${stem.toLowerCase()}-`.split(/[-. ]/).includes(wanted),
  ];
  for (const reading of readings) {
    const found = models.filter(reading);
    if (found.length > 0) return found;
  }
  return [];
}

/** The projector whose name shares most words with the model's, else of its folder, else by `PROJECTOR_ORDER`. */
export function chooseProjector(all: HubFile[], model: GgufModel): HubFile | null {
  const own = model.files[0]!.path;
  const words = new Set(wordsOf(own));
  const folder = (path: string) => path.slice(0, path.lastIndexOf('/') + 1);
  const score = ({ path }: HubFile) => {
    const label = quantLabel(stemOf(path)) ?? '';
    const rank = PROJECTOR_ORDER.indexOf(label);
    return [
      wordsOf(path).filter((word) => words.has(word)).length,
      Number(folder(path) === folder(own)),
      rank < 0 ? -PROJECTOR_ORDER.length : -rank,
    ];
  };
  const better = (a: number[], b: number[]) => {
    const at = a.findIndex((value, index) => value !== b[index]);
    return at < 0 ? 0 : b[at]! - a[at]!;
  };
  const scored = all.map((file) => ({ file, score: score(file) }));
  scored.sort((a, b) => better(a.score, b.score) || a.file.size - b.file.size);
  return scored[0]?.file ?? null;
}

/** Of a file's name, without what says how it is quantized. */
function wordsOf(path: string): string[] {
  const stem = stemOf(path);
  const label = quantLabel(stem);
  const rest = stem.toUpperCase().replace(label ?? '', '');
  return rest.split(/[^A-Z0-9]+/).filter((word) => word && !['MMPROJ', 'MODEL'].includes(word));
}
