/**
 * Writes web-llm's own list of prebuilt models, from the package that is installed, to
 * `src/lib/core/catalogue/mlc-models.json`.
 *
 *   npx tsx scripts/mlc-list.ts [--check]
 *
 * With `--check` nothing is written, and a list that is not the package's own ends with 1.
 */
import { readFile, writeFile } from 'node:fs/promises';
import {
  functionCallingModelIds,
  modelLibURLPrefix,
  modelVersion,
  prebuiltAppConfig,
} from '@mlc-ai/web-llm';
import type { ModelRecord } from '@mlc-ai/web-llm';
import { format, resolveConfig } from 'prettier';
import type { MlcList, MlcModel } from '../src/lib/core/catalogue/mlc';

const FILE = 'src/lib/core/catalogue/mlc-models.json';
const HUB = 'https://huggingface.co/';
/** web-llm's `vram_required_MB` is counted in these (its `utils/vram_requirements`). */
const MIB = 1024 * 1024;
/** `ModelType` of web-llm, by its numbers. */
const TYPES = ['chat', 'embedding', 'vision'] as const;

const text = await written(list());
const kept = await readFile(FILE, 'utf8').catch(() => '');
if (process.argv.includes('--check')) {
  if (kept !== text) {
    console.error(
      `${FILE} is not the list of the installed web-llm: run npx tsx scripts/mlc-list.ts.`,
    );
    process.exitCode = 1;
  }
} else if (kept !== text) {
  await writeFile(FILE, text);
}

function list(): MlcList {
  const models = new Map<string, MlcModel>();
  for (const record of prebuiltAppConfig.model_list) {
    const repository = record.model.replace(HUB, '');
    const model = models.get(repository) ?? modelOf(repository, record);
    models.set(repository, model);
    model.variants.push({
      id: record.model_id,
      library: record.model_lib.replace(modelLibURLPrefix, ''),
      context: record.overrides?.context_window_size ?? null,
      memory: Math.round((record.vram_required_MB ?? 0) * MIB),
      lowResource: record.low_resource_required ?? false,
      ...(record.buffer_size_required_bytes && { buffer: record.buffer_size_required_bytes }),
      ...(record.overrides && { overrides: record.overrides }),
    });
  }
  return { version: modelVersion, libraries: modelLibURLPrefix, models: [...models.values()] };
}

function modelOf(repository: string, record: ModelRecord): MlcModel {
  const quantization = /-(q\d\w*?f(?:16|32)(?:_\d)?)-MLC/.exec(repository)?.[1] ?? '';
  return {
    repository,
    quantization,
    // The list names the feature for some; kernels with 16-bit floats need it whoever lists them.
    f16: quantization.includes('f16') || (record.required_features ?? []).includes('shader-f16'),
    type: TYPES[record.model_type ?? 0],
    tools: functionCallingModelIds.includes(record.model_id),
    variants: [],
  };
}

async function written(value: MlcList): Promise<string> {
  return format(JSON.stringify(value), { ...(await resolveConfig(FILE)), filepath: FILE });
}
