/** A repository's GGUF files as the models that they make: files that are parts of one stand together. */
import { totalSize } from '#core/total-size';
import { quantLabel } from '#core/quant-label';
import type { HubFile } from './hub-api';

export interface GgufModel {
  /** In their order. */
  files: HubFile[];
  /** The file's name without its folder, `.gguf` and `-00001-of-00003`. */
  stem: string;
  /** `Q4_K_M`, of the name or else the folder. */
  label: string | null;
  /** The tag that chooses it: the label, or the stem where several have that label or it has none. */
  tag: string;
  /** Bytes. */
  size: number;
}

const SPLIT = /-(\d{5})-of-(\d{5})$/;

/** The models, in the order of their paths; sets of files of which one is missing are none. */
export function ggufModels(files: HubFile[]): GgufModel[] {
  const sets = new Map<string, HubFile[]>();
  for (const file of files) {
    if (!isGguf(file) || isProjector(file) || /imatrix/i.test(nameOf(file.path))) continue;
    const bare = file.path.replace(/\.gguf$/i, '');
    const key = bare.replace(SPLIT, (_, __, count: string) => ` of ${count}`);
    const set = sets.get(key);
    if (set) set.push(file);
    else sets.set(key, [file]);
  }
  const models = [...sets.values()].map(modelOf).filter((model) => model !== null);
  models.sort((a, b) => (a.files[0]!.path < b.files[0]!.path ? -1 : 1));
  const owners = new Map<string | null, number>();
  for (const { label } of models) owners.set(label, (owners.get(label) ?? 0) + 1);
  return models.map((model) => {
    const { label, stem } = model;
    return { ...model, tag: label === null || owners.get(label)! > 1 ? stem : label };
  });
}

/** The files that show images to a model. */
export function projectors(files: HubFile[]): HubFile[] {
  return files.filter((file) => isGguf(file) && isProjector(file));
}

export function stemOf(path: string): string {
  return nameOf(path)
    .replace(/\.gguf$/i, '')
    .replace(SPLIT, '');
}

function modelOf(files: HubFile[]): Omit<GgufModel, 'tag'> | null {
  const part = ({ path }: HubFile) => SPLIT.exec(path.replace(/\.gguf$/i, ''));
  const sorted = [...files].sort((a, b) => Number(part(a)?.[1]) - Number(part(b)?.[1]));
  const count = Number(part(files[0]!)?.[2] ?? 1);
  const whole = sorted.every((file, at) => count === 1 || Number(part(file)?.[1]) === at + 1);
  if (files.length !== count || !whole) return null;
  const { path } = sorted[0]!;
  const stem = stemOf(path);
  const label = quantLabel(stem) ?? quantLabel(path.slice(0, path.lastIndexOf('/') + 1));
  return { files: sorted, stem, label, size: totalSize(sorted) };
}

function isGguf({ path }: HubFile): boolean {
  return /\.gguf$/i.test(path);
}

function isProjector({ path }: HubFile): boolean {
  return /mmproj/i.test(nameOf(path));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
