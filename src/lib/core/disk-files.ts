/** Which of the files that somebody picked make a model together. */
import { splitStemOf, stemOf } from '#core/model-file';
import type { FileFacts } from '#core/paddock-api';

/** A file from disk, and what its header says. */
export interface DiskFile {
  /** With its folders, as far as they were picked. */
  path: string;
  facts: FileFacts;
}

export interface FileGroup<F extends DiskFile> {
  /** Weights in their order, then what goes with them. */
  files: F[];
  /** Proposed. */
  name: string;
  /** Parts that were not picked, from 1. */
  missing: number[];
  /** Set where a projector or an adapter has no model that is plainly its own. */
  alone: 'projector' | 'adapter' | null;
}

/** Parts of a split model become one; a projector or an adapter goes with the model that it plainly belongs to. */
export function groupFiles<F extends DiskFile>(files: readonly F[]): FileGroup<F>[] {
  const groups = new Map<string, FileGroup<F>>();
  for (const file of files) {
    const { kind, name, part } = file.facts;
    if (kind !== 'model') continue;
    const key = part ? `${folderOf(file)} ${splitStemOf(file.path)} ${part.of}` : file.path;
    const group = groups.get(key) ?? { files: [], name, missing: [], alone: null };
    if (part && group.files.some((one) => one.facts.part?.number === part.number)) continue;
    groups.set(key, { ...group, files: [...group.files, file] });
  }
  const models = [...groups.values()].map(inOrder);
  const alone: FileGroup<F>[] = [];
  for (const file of files) {
    const { kind, name } = file.facts;
    if (kind === 'model') continue;
    const owner = ownerOf(file, models);
    if (owner) owner.files = [...owner.files, file];
    else alone.push({ files: [file], name, missing: [], alone: kind });
  }
  return [...models, ...alone];
}

function inOrder<F extends DiskFile>(group: FileGroup<F>): FileGroup<F> {
  const number = ({ facts }: F) => facts.part?.number ?? 1;
  const files = [...group.files].sort((a, b) => number(a) - number(b));
  const there = new Set(files.map(number));
  const of = files[0]?.facts.part?.of ?? 1;
  const missing = Array.from({ length: of }, (_, at) => at + 1).filter((one) => !there.has(one));
  return { ...group, files, name: files[0]?.facts.name ?? group.name, missing };
}

/** The only model, else the only one in the file's folder, else the only one whose file's name is in this one's. */
function ownerOf<F extends DiskFile>(file: F, models: FileGroup<F>[]): FileGroup<F> | null {
  const words = wordsOf(file);
  const beside = models.filter(({ files }) => folderOf(files[0]!) === folderOf(file));
  const named = beside.filter(({ files }) => words.includes(wordsOf(files[0]!)));
  const choice = [models, beside, named].find((some) => some.length === 1);
  return choice?.[0] ?? null;
}

/** `-gemma-3-`: what is in it is in it by whole words. */
function wordsOf({ path }: DiskFile): string {
  return `-${stemOf(path).toLowerCase()}-`.replace(/[^a-z0-9]+/g, '-');
}

function folderOf({ path }: DiskFile): string {
  return path.split(/[\\/]/).slice(0, -1).join('/');
}
