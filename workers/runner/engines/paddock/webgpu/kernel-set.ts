/** The kernels of a model's products on its device, each compiled once. */
import { attend, attendVariants } from '../kernels/webgpu/attention/attend';
import { attendChunk, chunkVariants } from '../kernels/webgpu/attention/attend-chunk';
import type { AttentionShape } from '../kernels/webgpu/attention/shape';
import type { KernelFeatures } from '../kernels/webgpu/kernel';
import {
  matmul,
  matmulVariants,
  matvec,
  matvecVariants,
  type MatmulKernel,
  type MatvecKernel,
  type Product,
} from '../kernels/webgpu/products';
import type { Compiled, Pipelines } from './pipelines';
import { attentionOrder, chosenFirst, productKey, type Variants } from './variants';

export class KernelSet {
  readonly pipelines: Pipelines;
  readonly features: KernelFeatures;
  readonly #variants: Variants;
  readonly #knownOnly: boolean;
  readonly #matvecs = new Map<string, Promise<Compiled<MatvecKernel>>>();
  readonly #matmuls = new Map<string, Promise<Compiled<MatmulKernel>>>();
  /** Those that kernels were asked for, each once. */
  readonly products: Readonly<Record<'matvecs' | 'matmuls', Product[]>> = {
    matvecs: [],
    matmuls: [],
  };

  /** @param knownOnly `variants` were remembered: what kernels do not know of them is ignored */
  constructor(
    pipelines: Pipelines,
    features: KernelFeatures,
    variants: Variants,
    knownOnly = false,
  ) {
    this.pipelines = pipelines;
    this.features = features;
    this.#variants = variants;
    this.#knownOnly = knownOnly;
  }

  /** One token's attention. @throws PaddockError `engine_failed` */
  attend(shape: AttentionShape): Promise<Compiled<ReturnType<typeof attend>>> {
    const { features } = this;
    const ways = attentionOrder(attendVariants(shape), features);
    return this.pipelines.compile(
      ...chosenFirst(this.#variants.attend, ways, this.#knownOnly).map(
        (variant) => () => attend(shape, features, variant),
      ),
    );
  }

  /** A chunk's attention. @throws PaddockError `engine_failed` */
  attendChunk(shape: AttentionShape): Promise<Compiled<ReturnType<typeof attendChunk>>> {
    const { features } = this;
    const ways = attentionOrder(chunkVariants(shape), features);
    return this.pipelines.compile(
      ...chosenFirst(this.#variants.attendChunk, ways, this.#knownOnly).map(
        (variant) => () => attendChunk(shape, features, variant),
      ),
    );
  }

  /** For one token. @throws PaddockError `engine_failed` */
  matvec(product: Product): Promise<Compiled<MatvecKernel>> {
    const { features } = this;
    return once(this.#matvecs, product, () => {
      this.products.matvecs.push(product);
      const ways = chosenFirst(
        this.#variants.matvec?.[productKey(product)],
        matvecVariants(product, features),
        this.#knownOnly,
      );
      return this.pipelines.compile(
        ...ways.map((variant) => () => matvec(product, features, variant)),
      );
    });
  }

  /** For the tokens of a prompt. @throws PaddockError `engine_failed` */
  matmul(product: Product): Promise<Compiled<MatmulKernel>> {
    const { features } = this;
    return once(this.#matmuls, product, () => {
      this.products.matmuls.push(product);
      const ways = chosenFirst(
        this.#variants.matmul?.[productKey(product)],
        matmulVariants(product, features),
        this.#knownOnly,
      );
      return this.pipelines.compile(
        ...ways.map((variant) => () => matmul(product, features, variant)),
      );
    });
  }
}

function once<T>(known: Map<string, T>, product: Product, make: () => T): T {
  const key = JSON.stringify(product);
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
