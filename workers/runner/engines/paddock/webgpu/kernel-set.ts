/** The kernels of a model's products on its device, each compiled once. */
import { attend, attendVariants } from '../kernels/webgpu/attention/attend';
import { attendChunk, chunkVariants } from '../kernels/webgpu/attention/attend-chunk';
import type { AttentionShape } from '../kernels/webgpu/attention/shape';
import type { Kernel, KernelFeatures } from '../kernels/webgpu/kernel';
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
    return this.#compile(this.#variants.attend, ways, (way) => attend(shape, features, way));
  }

  /** A chunk's attention. @throws PaddockError `engine_failed` */
  attendChunk(shape: AttentionShape): Promise<Compiled<ReturnType<typeof attendChunk>>> {
    const { features } = this;
    const ways = attentionOrder(chunkVariants(shape), features);
    const chosen = this.#variants.attendChunk;
    return this.#compile(chosen, ways, (way) => attendChunk(shape, features, way));
  }

  /** For one token. @throws PaddockError `engine_failed` */
  matvec(product: Product): Promise<Compiled<MatvecKernel>> {
    const { features } = this;
    return once(this.#matvecs, product, () => {
      this.products.matvecs.push(product);
      const chosen = this.#variants.matvec?.[productKey(product)];
      const ways = matvecVariants(product, features);
      return this.#compile(chosen, ways, (way) => matvec(product, features, way));
    });
  }

  /** For the tokens of a prompt. @throws PaddockError `engine_failed` */
  matmul(product: Product): Promise<Compiled<MatmulKernel>> {
    const { features } = this;
    return once(this.#matmuls, product, () => {
      this.products.matmuls.push(product);
      const chosen = this.#variants.matmul?.[productKey(product)];
      const ways = matmulVariants(product, features);
      return this.#compile(chosen, ways, (way) => matmul(product, features, way));
    });
  }

  /** The first of `ways` that the device compiles, the chosen one before all. */
  #compile<V, K extends Kernel>(
    chosen: V | undefined,
    ways: readonly V[],
    write: (way: V) => K,
  ): Promise<Compiled<K>> {
    const inOrder = chosenFirst(chosen, ways, this.#knownOnly);
    return this.pipelines.compile(...inOrder.map((way) => () => write(way)));
  }
}

function once<T>(known: Map<string, T>, product: Product, make: () => T): T {
  const key = JSON.stringify(product);
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
