/** A folder of an MLC model on a disk: which of its files are the model's, and which are missing. */
import { CHAT_CONFIG, type MlcChatConfig } from '#core/mlc/chat-config';
import { LIBRARY_NAME } from '#core/mlc/library';
import { TENSOR_LISTS, type MlcTensorList } from '#core/mlc/tensor-list';
import { MLC, type MlcModel } from '#core/catalogue/mlc';
import { slug } from '#core/model-file';

/** Texts that a model may have beside its configuration and its list of shards. */
export const MLC_TEXTS = [
  ...['tokenizer.json', 'tokenizer_config.json', 'tokenizer.model', 'vocab.json', 'merges.txt'],
  ...['added_tokens.json', 'special_tokens_map.json'],
];

/** Of these WebLLM reads the first that the configuration names. */
const TOKENIZERS = MLC_TEXTS.filter((name) => /^tokenizer\.(json|model)$/.test(name));

export interface MlcFolder {
  /** Its own name; '' where files were chosen one by one. */
  name: string;
  /** Paths by the files' names. */
  files: Map<string, string>;
  /** The list of shards: the newer one where it has both; undefined: it has none. */
  list: string | undefined;
  /** Its library's name: the only `.wasm`, or the one of several that is called so. */
  library: string | undefined;
}

/** The folders among `paths` (as they were picked) that hold the configuration of an MLC model. */
export function mlcFolders(paths: readonly string[]): MlcFolder[] {
  const folders = new Map<string, Map<string, string>>();
  for (const path of paths) {
    const steps = path.split(/[\\/]/);
    const name = steps.pop()!;
    const folder = steps.join('/');
    const files = folders.get(folder) ?? new Map<string, string>();
    folders.set(folder, files.set(name, path));
  }
  return [...folders]
    .filter(([, files]) => files.has(CHAT_CONFIG))
    .map(([folder, files]) => {
      const libraries = [...files.keys()].filter((name) => /\.wasm$/i.test(name));
      return {
        name: folder.split('/').at(-1)!,
        files,
        list: TENSOR_LISTS.find((name) => files.has(name)),
        library: libraries.length === 1 ? libraries[0] : libraries.find(isLibraryName),
      };
    });
}

function isLibraryName(name: string): boolean {
  return name.toLowerCase() === LIBRARY_NAME;
}

/** Files that the texts name and the folder lacks; `tensors` is null where it has no list of shards. */
export function missingFiles(
  { files, list }: MlcFolder,
  { tokenizerFiles }: Pick<MlcChatConfig, 'tokenizerFiles'>,
  tensors: Pick<MlcTensorList, 'shards'> | null,
): string[] {
  const tokenizer = TOKENIZERS.find((name) => tokenizerFiles.includes(name)) ?? TOKENIZERS[0]!;
  const wanted = [
    list ?? TENSOR_LISTS[0],
    tokenizer,
    ...(tensors?.shards ?? []).map(({ name }) => name),
  ];
  return wanted.filter((name) => !files.has(name));
}

const BUILD = /-(q\d\w*?f(?:16|32)(?:_\d)?)(?:-mlc)?$/i;

/** What it may be called: `llama-3.2-1b-instruct:q4f16_1` of `Llama-3.2-1B-Instruct-q4f16_1-MLC`. */
export function nameOfFolder({ name }: MlcFolder, { quantization }: MlcChatConfig): string {
  const model = slug(name.replace(BUILD, '').replace(/-mlc$/i, '')) || 'model';
  return `${model}:${slug(quantization) || 'latest'}`;
}

/** The model of web-llm's list whose repository has this folder's name; undefined: it has none. */
export function listedFolder({ name }: MlcFolder): MlcModel | undefined {
  const wanted = `/${name.toLowerCase()}`;
  return MLC.models.find(({ repository }) => repository.toLowerCase().endsWith(wanted));
}
