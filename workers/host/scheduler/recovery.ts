/** What follows from a failure that takes the model with it: another try, or an error that says what helps. */
import type { Backend, EngineInfo } from '#core/engine';
import { PaddockError, type ErrorCode, type ErrorDetail } from '#core/errors';
import { AutoContexts } from './auto-contexts';
import { filesOf } from './fits';
import { Losses } from './losses';
import type { LeaseRequest } from './lease';

/** What a model does not outlive: its memory, or its adapter, is in nobody knows what state. */
const LOSSES = new Set<ErrorCode>(['device_lost', 'runner_died', 'out_of_memory']);

/** One request's way through loads and losses. */
export interface Attempt {
  request: LeaseRequest;
  /** A smaller context, or more room, was tried for it; there is one such try. */
  retried: boolean;
  /** It found a model that was lost before, while nobody asked; it loads anew for that once, and no loss is counted. */
  missed: boolean;
}

interface Failure {
  /** Of the model that was lost; absent: its load failed. */
  info?: EngineInfo;
  /** Text was sent, which nobody can take back. */
  begun?: boolean;
  /** Other models were unloaded since. */
  roomier?: boolean;
}

export class Recovery {
  readonly #losses = new Losses();
  readonly #contexts = new AutoContexts();
  /** What each model ran on when it was last loaded: a load that fails does not say. */
  readonly #backends = new Map<string, Backend>();
  readonly #twinOf: (name: string) => string | undefined;

  /** @param twinOf the model of the same family that runs on the CPU, for one that does not */
  constructor(twinOf: (name: string) => string | undefined = () => undefined) {
    this.#twinOf = twinOf;
  }

  /** The request as it is to be loaded. */
  prepared(request: LeaseRequest): LeaseRequest {
    const options = this.#contexts.apply(filesOf(request.model), request.options);
    return { ...request, options };
  }

  loaded({ model }: LeaseRequest, { backend }: EngineInfo): void {
    this.#backends.set(filesOf(model), backend);
  }

  /** The model wrote a reply to its end. */
  good({ model }: LeaseRequest): void {
    this.#losses.forget(filesOf(model));
  }

  isLoss(error: unknown): error is PaddockError {
    return error instanceof PaddockError && LOSSES.has(error.code);
  }

  /**
   * Returns where the request is worth another load, with the smaller context that `prepared` has from now on, or in
   * the memory of what was unloaded for it.
   * @throws `error`, of a loss with what came of it (detail: times, next_context, offer, twin), and of an adapter that
   * is not there with what helps (detail: gone, offer, twin)
   */
  tryAgain(error: unknown, attempt: Attempt, { info, begun, roomier }: Failure = {}): void {
    if (isWithoutAdapter(error)) throw this.#without(error, attempt.request);
    if (!this.isLoss(error)) throw error;
    const { model, options } = attempt.request;
    // Who loads on an adapter has tried smaller contexts before it says so.
    const next =
      error.code === 'out_of_memory' && !isOfAdapter(error)
        ? this.#contexts.shrink(filesOf(model), options, info?.contextLength)
        : undefined;
    if ((next !== undefined || roomier) && !attempt.retried && !begun) {
      attempt.retried = true;
      return;
    }
    throw this.#told(error, attempt.request, info, next);
  }

  #told(
    error: PaddockError,
    request: LeaseRequest,
    info: EngineInfo | undefined,
    next: number | undefined,
  ): PaddockError {
    const detail: ErrorDetail = { ...error.detail };
    delete detail.idle; // which is between runner and scheduler
    if (next !== undefined) {
      detail.next_context = next;
      delete detail.offered; // a number to ask for, and nobody asked for one
    }
    const times = this.#losses.note(filesOf(request.model));
    if (times > 1) detail.times = times;
    // What an adapter has no memory for it will not have the next time either.
    if (times > 1 || isOfAdapter(error)) Object.assign(detail, this.#offer(error, request, info));
    return new PaddockError(error.code, error.message, detail);
  }

  /**
   * Where models ran on an adapter before, the browser holds it back: Chromium from the second failure on, for two
   * minutes.
   */
  #without({ code, message, detail }: PaddockError, { name }: LeaseRequest): PaddockError {
    const gone = [...this.#backends.values()].includes('webgpu');
    const more = { ...this.#twin(detail, name), ...(gone && { gone }) };
    return new PaddockError(code, message, { ...detail, ...more });
  }

  #twin(detail: ErrorDetail, name: string) {
    const twin = detail.twin ?? this.#twinOf(name);
    return { offer: 'twin', ...(twin !== undefined && { twin }) };
  }

  /** The way off the graphics adapter, for a model that is on it. */
  #offer(
    { code, detail }: PaddockError,
    { name, model, options }: LeaseRequest,
    info?: EngineInfo,
  ) {
    const mlc = model.format === 'mlc'; // which has nothing but WebGPU
    const backend = detail.backend ?? info?.backend ?? this.#backends.get(filesOf(model));
    if (options.num_gpu === 0 || !(mlc || code === 'device_lost' || backend === 'webgpu'))
      return {};
    return mlc ? this.#twin(detail, name) : { offer: 'cpu' };
  }
}

/** A load on it failed (`runner/engines/gguf-load.ts`). */
function isOfAdapter({ detail }: PaddockError): boolean {
  return detail.backend === 'webgpu';
}

function isWithoutAdapter(error: unknown): error is PaddockError {
  return (
    error instanceof PaddockError && error.code === 'no_gpu' && error.detail.missing === 'adapter'
  );
}

/** What a load may fail with because others have the memory: a browser ends a worker too that wants more than there is. */
export function isShortage(error: unknown): boolean {
  if (!(error instanceof PaddockError)) return false;
  return error.code === 'out_of_memory' || error.code === 'runner_died';
}

/**
 * After a second loss in a row the third would be no surprise, and the CPU is offered; and where the memory ran out,
 * a model that nobody asked for would take it again.
 */
export function isWorthRebuilding(error: unknown): boolean {
  if (!(error instanceof PaddockError) || error.detail.times !== undefined) return false;
  return error.code === 'device_lost' || error.code === 'runner_died';
}
