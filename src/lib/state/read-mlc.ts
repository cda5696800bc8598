/** Looks at a folder of an MLC model: its texts are read, of its weights the sizes. */
import { chosenLibrary } from '#core/catalogue/mlc';
import { isAbort, PaddockError, toWire } from '#core/errors';
import { needsOfQuantization } from '#core/mlc/adapter';
import { CHAT_CONFIG, parseChatConfig, type MlcChatConfig } from '#core/mlc/chat-config';
import { requireFiles } from '#core/mlc/file-set';
import {
  listedFolder,
  missingFiles,
  MLC_TEXTS,
  nameOfFolder,
  type MlcFolder,
} from '#core/mlc/folder';
import { needsOfListed, noGpu } from '#core/mlc/needs';
import { parseTensorList, type MlcTensorList } from '#core/mlc/tensor-list';
import type { MlcFileKind } from '#core/paddock-api';
import type { DiskEntry } from '$lib/client/disk-entries';
import { deviceLimits } from '$lib/client/limits';
import type { DiskModelOptions, DiskPart, DiskProblem } from './disk-model.svelte';

/** Bytes; the list of a model of 70 billion weights has some 500,000. */
const MAX_TEXT = 8 * 1024 * 1024;

type Open = DiskEntry['open'];

/** @param open the file at a path of `folder` @throws PaddockError of the host */
export async function readMlcFolder(
  folder: MlcFolder,
  open: (path: string) => Promise<File>,
): Promise<DiskModelOptions> {
  const { files, library } = folder;
  const own = { key: `mlc ${files.get(CHAT_CONFIG)!}` };
  const textOf = async (name: string) => {
    const file = await open(files.get(name)!);
    if (file.size > MAX_TEXT) throw unreadable(`${name} has ${file.size} bytes, too many`);
    return file.text();
  };
  let config: MlcChatConfig;
  let tensors: MlcTensorList | null = null;
  try {
    config = parseChatConfig(await textOf(CHAT_CONFIG));
    if (folder.list !== undefined) {
      tensors = parseTensorList(await textOf(folder.list), folder.list);
    }
  } catch (error) {
    const parts = await partsOf([[CHAT_CONFIG, 'json']], files, open);
    return { ...own, name: folder.name || CHAT_CONFIG, parts, problem: asProblem(error) };
  }
  const named: [string, MlcFileKind][] = [
    ...[CHAT_CONFIG, folder.list ?? '', ...MLC_TEXTS].map((one) => [one, 'json'] as const),
    ...(library === undefined ? [] : [[library, 'library'] as const]),
    ...(tensors?.shards ?? []).map(({ name }) => [name, 'tensor'] as const),
  ].map(([name, kind]) => [name, kind]);
  const parts = await partsOf(named, files, open);
  const missing = missingFiles(folder, config, tensors);
  const problem: DiskProblem | null =
    missing.length > 0
      ? { type: 'files', missing }
      : (sizesOf(config, tensors!, parts) ?? (await lackOf(folder, config)));
  const listed = listedFolder(folder);
  const asked = listed ? chosenLibrary(listed) : '';
  return {
    ...own,
    name: nameOfFolder(folder, config),
    parts,
    problem,
    ...(library === undefined && { library: asked }),
  };
}

async function partsOf(
  named: readonly (readonly [string, MlcFileKind])[],
  files: ReadonlyMap<string, string>,
  open: (path: string) => Promise<File>,
): Promise<DiskPart[]> {
  const parts: DiskPart[] = [];
  for (const [name, kind] of named) {
    const path = files.get(name);
    if (path === undefined) continue;
    const opened: Open = () => open(path);
    parts.push({ path, size: (await opened()).size, open: opened, kind, digest: null });
  }
  return parts;
}

function sizesOf(
  config: MlcChatConfig,
  tensors: MlcTensorList,
  parts: readonly DiskPart[],
): DiskProblem | null {
  try {
    const sizes = parts.map(({ path, size }) => ({ name: path.split(/[\\/]/).at(-1)!, size }));
    requireFiles(config, tensors, sizes);
    return null;
  } catch (error) {
    return asProblem(error);
  }
}

/** Whether this device can run it, asked before a byte is copied. */
async function lackOf(
  folder: MlcFolder,
  { quantization }: MlcChatConfig,
): Promise<DiskProblem | null> {
  const listed = folder.library === undefined ? listedFolder(folder) : undefined;
  const needs = listed
    ? needsOfListed(listed, chosenLibrary(listed))
    : needsOfQuantization(quantization);
  const lack = noGpu(needs, (await deviceLimits()).adapter);
  return lack && asProblem(lack);
}

function asProblem(error: unknown): DiskProblem {
  if (isAbort(error) || !(error instanceof PaddockError)) throw error;
  return { type: 'unfit', error: toWire(error) };
}

function unreadable(why: string): PaddockError {
  return new PaddockError('model_unreadable', why);
}
