/** What an MLC model needs of the device, told before its first byte: web-llm's own rule for the adapter it takes. */
import { libraryUrl, MLC, type MlcModel } from '#core/catalogue/mlc';
import { PaddockError, type ErrorDetail } from '#core/errors';
import type { ModelConfig } from '#core/manifest';
import {
  LEAST_BUFFER,
  needsOfQuantization,
  SMALL_BINDING,
  STORAGE_BUFFERS,
  WORKGROUP_STORAGE,
} from '#core/mlc/adapter';
import type { AdapterLimits } from '#core/paddock-api';

/** web-llm asks the adapter for bindings of this many bytes, or where it has less for `SMALL_BINDING`: nothing between. */
const LARGE_BINDING = 1024 ** 3;

export interface MlcNeeds {
  /** `shader-f16` */
  f16: boolean;
  /** Bytes: its largest binding, where it is known to be more than 128 MiB. */
  buffer?: number;
  /** The same model without `shader-f16`, as a pull takes it. */
  twin?: string;
}

/** What the device lacks: `adapter`, or a feature or a limit by WebGPU's name for it. */
export interface Lack {
  missing: string;
  needed?: number;
  given?: number;
}

/** Of a model in web-llm's list, with the library at `url`, or any of its: some variants share one. */
export function needsOfListed(model: MlcModel, url?: string): MlcNeeds {
  const own = model.variants.filter((one) => url === undefined || libraryUrl(one) === url);
  const buffer = Math.max(0, ...own.map((one) => one.buffer ?? 0));
  const twin = twinOf(model);
  return {
    f16: model.f16,
    ...(buffer > 0 && { buffer }),
    ...(twin !== null && { twin }),
  };
}

/** Of an installed one, by what its pull has noted: many models of the list share a library, and so its needs. */
export function needsOfConfig({
  library,
  file_type: quantization,
}: Pick<ModelConfig, 'library' | 'file_type'>): MlcNeeds {
  const url = library?.url;
  const sharing = MLC.models.filter(({ variants }) =>
    variants.some((one) => libraryUrl(one) === url),
  );
  if (sharing.length === 0) return needsOfQuantization(quantization);
  const buffer = Math.max(...sharing.map((model) => needsOfListed(model, url).buffer ?? 0));
  return { f16: sharing.some(({ f16 }) => f16), ...(buffer > 0 && { buffer }) };
}

/** `hf.co/mlc-ai/…q4f32_1-MLC` of a model that calculates in 16 bits; null where web-llm lists none. */
export function twinOf({ repository, quantization, f16 }: MlcModel): string | null {
  if (!f16) return null;
  const wanted = repository.replace(quantization, quantization.replace('f16', 'f32'));
  const twin = MLC.models.find((one) => one.repository === wanted && !one.f16);
  return twin ? `hf.co/${twin.repository}` : null;
}

/** `q4f16_1` in `Llama-3.2-1B-Instruct-q4f16_1-MLC`; '' where the name does not say. */
export function quantizationIn(name: string): string {
  return /(?:^|[-_./])(q\d+f(?:16|32)(?:_\d+)?)(?=$|[-_./])/i.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** The first thing that the model needs and the adapter (null: there is none) has not; null where it has all. */
export function lackOf(needs: MlcNeeds, adapter: AdapterLimits | null): Lack | null {
  if (!adapter) return { missing: 'adapter' };
  if (needs.f16 && !adapter.f16) return { missing: 'shader-f16' };
  const binding = (needs.buffer ?? 0) > SMALL_BINDING ? LARGE_BINDING : SMALL_BINDING;
  const limits: [missing: string, needed: number, given: number][] = [
    ['maxBufferSize', LEAST_BUFFER, adapter.max_buffer],
    ['maxStorageBufferBindingSize', binding, adapter.max_binding],
    ['maxComputeWorkgroupStorageSize', WORKGROUP_STORAGE, adapter.workgroup_storage],
    ['maxStorageBuffersPerShaderStage', STORAGE_BUFFERS, adapter.storage_buffers],
  ];
  const short = limits.find(([, needed, given]) => given < needed);
  return short ? { missing: short[0], needed: short[1], given: short[2] } : null;
}

/** `no_gpu`, with the twin where that would help; null where the device has what the model needs. */
export function noGpu(needs: MlcNeeds, adapter: AdapterLimits | null): PaddockError | null {
  const lack = lackOf(needs, adapter);
  if (!lack) return null;
  const helps = lack.missing === 'shader-f16' && needs.twin !== undefined;
  const detail: ErrorDetail = { ...lack, ...(helps && { twin: needs.twin }) };
  return new PaddockError('no_gpu', lackSentence(lack), detail);
}

/** What the model needs, and that this device has less. */
export function lackSentence({ missing, needed, given }: Lack): string {
  if (missing === 'adapter') return 'It needs WebGPU, and this device gives no graphics adapter.';
  const figures = needed !== undefined && given !== undefined;
  if (!figures) return `It needs ${missing}, which this device's graphics adapter lacks.`;
  return `It needs a ${missing} of ${needed}, and this device's graphics adapter gives ${given}.`;
}
