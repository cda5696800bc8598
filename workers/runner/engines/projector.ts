/** A model's projector apart from its weights: only llama.cpp takes it, and the others must not read it as a part. */
import type { RunnerModel } from '#core/engine';
import type { LoadContext } from '../engine';

/** What an engine is given to load. */
export interface Given {
  model: RunnerModel;
  blobs: readonly Blob[];
  context: LoadContext;
}

export function hasProjector({ files }: RunnerModel): boolean {
  return files.some(({ role }) => role === 'projector');
}

/** The model that reads text alone. */
export function withoutProjector({ model, blobs, context }: Given): Given {
  if (!hasProjector(model)) return { model, blobs, context };
  const kept = <T>(list: readonly T[]) =>
    list.filter((_, at) => model.files[at]?.role !== 'projector');
  const own = kept(blobs);
  return {
    model: {
      ...model,
      files: kept(model.files),
      size: own.reduce((sum, { size }) => sum + size, 0),
    },
    blobs: own,
    context: { ...context, ...(context.files && { files: kept(context.files) }) },
  };
}

export function projectorOf({ model, blobs }: Pick<Given, 'model' | 'blobs'>): Blob | undefined {
  return blobs.find((_, at) => model.files[at]?.role === 'projector');
}
