import { badRequest, brief, modelText, readBody, text, type Body } from '../body';
import type { Route } from '../route';
import { embed } from '../routes/embed';
import { openAiJson, passError } from './http';
import type { NativeVectors } from './native';
import { askNative } from './via-native';

/** `POST /v1/embeddings`: a text or many to a vector each, as numbers or as their bytes. */
export const embeddings: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const write = readEncoding(body);
  const model = modelText(body);
  const { dimensions } = body;
  const native = { model, input: readInput(body), dimensions };
  const response = await askNative(embed, request, native, deps, signal);
  if (!response.ok) return passError(response);
  const { embeddings: vectors, prompt_eval_count: tokens = 0 } =
    (await response.json()) as NativeVectors;
  return openAiJson({
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      embedding: write(vector),
      index,
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
};

/** An empty text alone is a text here. What else is none is left to the native route. */
function readInput({ input }: Body): unknown {
  if (input === '') return [''];
  const none = input === undefined || input === null;
  if (none || (Array.isArray(input) && input.length === 0)) throw badRequest('invalid input');
  return input;
}

/** How a vector is written. @throws PaddockError `bad_request`, in Ollama's words */
function readEncoding(body: Body): (vector: number[]) => number[] | string {
  const format = text(body, 'encoding_format');
  const known = format.toLowerCase();
  if (known === '' || known === 'float') return (vector) => vector;
  if (known === 'base64') return inBase64;
  throw badRequest(
    `Invalid value for 'encoding_format' = ${brief(format)}. Supported values: ['float', 'base64'].`,
  );
}

/** Its numbers of 32 bits, the smallest byte of each first. */
function inBase64(vector: number[]): string {
  const view = new DataView(new ArrayBuffer(vector.length * 4));
  vector.forEach((value, at) => view.setFloat32(at * 4, value, true));
  const bytes = Array.from(new Uint8Array(view.buffer), (byte) => String.fromCharCode(byte));
  return btoa(bytes.join(''));
}
