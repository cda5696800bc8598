/** The log of requests that a person may switch on: in this worker's memory, and never what they said. */
import { isErrorCode } from '#core/error-codes';
import { errorOfChunk } from '#core/error-line';
import { statusOf } from '#core/error-response';
import type { LoggedRequest, RequestLog as Log, RequestTokens } from '#core/paddock-api';
import { brief, flag, onBody, readBody, type Body } from './body';
import type { Deps } from './deps';
import { json } from './http';
import type { Route } from './route';

/** Its own path, which it leaves out. */
export const REQUESTS = '/api/paddock/requests';

/** Entries; what is older goes. */
export const MAX_REQUESTS = 200;

/** What nginx and Ollama write for a client that went. */
const STOPPED = 499;

type Note = NonNullable<Deps['noteTokens']>;

export class RequestLog {
  readonly #clock: Pick<Deps, 'now' | 'timestamp'>;
  #on = false;
  /** Newest first. */
  #requests: LoggedRequest[] = [];
  #last = 0;

  constructor(clock: Pick<Deps, 'now' | 'timestamp'>) {
    this.#clock = clock;
  }

  read(): Log {
    return { on: this.#on, requests: this.#requests };
  }

  /** Off, it keeps nothing, and does nothing to an answer. */
  switch(on: boolean): void {
    this.#on = on;
    if (!on) this.clear();
  }

  clear(): void {
    this.#requests = [];
  }

  /** What `answer` gives; it is handed what to tell the tokens to, where they are wanted. */
  async follow(
    request: Request,
    path: string,
    answer: (note?: Note) => Promise<Response>,
  ): Promise<Response> {
    if (!this.#on || isOwn(request.method, path)) return answer();
    const began = this.#clock.now();
    const entry = this.#enter(request.method, path);
    onBody(request, (body) => (entry.model = modelOf(body)));
    const end = (status: number) => {
      entry.status ??= status;
      entry.ms ??= this.#clock.now() - began;
    };
    request.signal.addEventListener('abort', () => end(STOPPED), { once: true });
    const response = await answer((tokens: RequestTokens) => void Object.assign(entry, tokens));
    const { status, headers, body } = response;
    if (!body || status >= 400) end(status);
    return body ? new Response(watched(body, entry, status, end), { status, headers }) : response;
  }

  #enter(method: string, path: string): LoggedRequest {
    const entry: LoggedRequest = {
      id: ++this.#last,
      at: this.#clock.timestamp(),
      method: brief(method),
      path: brief(path),
      ...{
        model: null,
        prompt_tokens: null,
        eval_tokens: null,
        status: null,
        code: null,
        ms: null,
      },
    };
    this.#requests = [entry, ...this.#requests].slice(0, MAX_REQUESTS);
    return entry;
  }
}

export function requestLogRoutes(log: RequestLog): Record<'GET' | 'POST' | 'DELETE', Route> {
  const answer = async () => json(log.read());
  return {
    GET: answer,
    async POST(request) {
      log.switch(flag(await readBody(request), 'on', false));
      return answer();
    },
    DELETE() {
      log.clear();
      return answer();
    },
  };
}

/** Paddock's pages look at their state all the time; what is asked of the contract would be pushed out by that. */
function isOwn(method: string, path: string): boolean {
  return path === REQUESTS || (method === 'GET' && path.startsWith('/api/paddock/'));
}

function modelOf({ model, name, source }: Body): string | null {
  const spelling = [model, name, source].find((one) => typeof one === 'string' && one !== '');
  return typeof spelling === 'string' ? brief(spelling) : null;
}

/** `body` as it is, chunk by chunk as it is asked for; `end` is told the status that it came to. */
function watched(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  entry: LoggedRequest,
  status: number,
  end: (status: number) => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  let ended = status;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            end(ended);
            return controller.close();
          }
          const error = errorOfChunk(value);
          if (isErrorCode(error?.code)) entry.code = error.code;
          if (error && ended < 400) ended = entry.code ? statusOf(entry.code) : 500;
          controller.enqueue(value);
        } catch (error) {
          end(500);
          throw error;
        }
      },
      cancel(reason) {
        end(STOPPED);
        return reader.cancel(reason);
      },
    },
    { highWaterMark: 0 }, // nothing is read ahead of who reads
  );
}
