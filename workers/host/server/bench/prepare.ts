/** From what a run is asked with to what it measures: each candidate as it is installed, and possible here. */
import { ggufBytesPerToken, mlcBytesPerToken } from '#core/bench/bytes-per-token';
import type { OfferedCandidate } from '#core/bench/events';
import { contextFor, contextRefusal } from '#core/bench/plan';
import type { BenchTest, Candidate } from '#core/bench/run';
import { benchSet } from '#core/bench/sets';
import { digestHex } from '#core/digest';
import { PaddockError, toPaddockError } from '#core/errors';
import { layersOf, weightsOf } from '#core/manifest';
import { CHAT_CONFIG, parseChatConfig } from '#core/mlc/chat-config';
import { isTensorList } from '#core/mlc/tensor-list';
import type { BenchOrder, Entrant } from '../../bench/entrant';
import { offersFor, type OfferFacts } from '../../bench/offers';
import { fitSideBySide } from '../../bench/side-by-side';
import type { InstalledModel } from '../../registry/installed';
import { badRequest } from '../body';
import type { Deps } from '../deps';
import { findModel, runnerModel } from '../generation';
import type { ReadRequest } from './read-request';

type House = Pick<Deps, 'registry' | 'limits' | 'noWebGpu'>;

/** What could be measured of the model. @throws PaddockError `model_not_found`, `model_unreadable` */
export async function offers(deps: House, spelling: string): Promise<OfferedCandidate[]> {
  const model = await findModel(deps, spelling);
  return offersFor(model, await offerFacts(deps, model));
}

/** @throws PaddockError `model_not_found`, `not_supported`, `bad_request`, saying what is impossible */
export async function prepareBench(deps: House, request: ReadRequest): Promise<BenchOrder> {
  const tests = await possibleTests(deps, request);
  const entrants: Entrant[] = [];
  for (const candidate of request.candidates) {
    const entrant = await enter(deps, candidate, tests);
    if (entrants.some((other) => isSame(other.candidate, entrant.candidate))) {
      throw badRequest(`"candidates" has ${describe(entrant.candidate)} twice`);
    }
    entrants.push(entrant);
  }
  const { set, repetitions, verify } = request;
  const weighed = entrants.map(({ model: { size }, context }) => ({ size, context }));
  const interleaved = fitSideBySide(weighed, await deps.limits());
  const known = set === 'custom' ? null : benchSet(set);
  // Who asks for another number of repetitions wants them all.
  const candidateMs = (known?.repetitions === repetitions && known.candidateMs) || null;
  return { entrants, set, tests, repetitions, candidateMs, verify, interleaved };
}

/** A set's depths go as far as the models; what somebody wrote down has to be possible as it is. */
async function possibleTests(deps: House, { candidates, set, tests }: ReadRequest) {
  let left = tests;
  for (const { model: spelling } of candidates) {
    const model = await findModel(deps, spelling);
    const { contextLength } = await deps.registry.facts(model);
    if (contextLength === null) continue;
    const refusals = left.map((test) => contextRefusal(test, contextLength));
    const first = refusals.find((refusal) => refusal !== null);
    const shallow = left.filter((_, at) => refusals[at] === null);
    const onlyDeep = left.every(({ depth }, at) => refusals[at] === null || depth > 0);
    if (first && (set !== 'depth' || !onlyDeep || shallow.length === 0)) {
      throw new PaddockError('not_supported', `${model.name}: ${first.sentence}`);
    }
    left = shallow;
  }
  return left;
}

async function enter(deps: House, asked: Candidate, tests: BenchTest[]): Promise<Entrant> {
  const model = await findModel(deps, asked.model);
  const given = await offerFacts(deps, model);
  const candidate = { ...asked, model: model.name };
  requireOffered(candidate, offersFor(model, given), given);
  const [weights] = weightsOf(model.manifest);
  if (!weights) throw new PaddockError('bad_manifest', `"${model.name}" has no model layer`);
  const { config } = model;
  return {
    candidate,
    model: runnerModel(model),
    weights: weights.digest,
    shown: {
      digest: digestHex(model.digest),
      size: model.size,
      format: config.model_format,
      family: config.model_family,
      parameters: config.model_type,
      quantization: config.file_type,
    },
    bytesPerToken: await bytesPerToken(deps, model),
    context: contextFor(tests, given.facts.contextLength ?? 0),
  };
}

/** @throws PaddockError `not_supported`, `bad_request` */
function requireOffered(
  candidate: Candidate,
  offered: OfferedCandidate[],
  { limits }: OfferFacts,
): void {
  const { engine, backend, threads, model } = candidate;
  const like = offered.find((offer) => offer.engine === engine && offer.backend === backend);
  if (!like) {
    const choices = [...new Set(offered.map((offer) => `${offer.engine} on ${offer.backend}`))];
    const known = choices.length > 0 ? `; what does: ${choices.join(', ')}` : '';
    throw badRequest(`${engine} on ${backend} does not run ${model}${known}`);
  }
  if (like.refused !== undefined) throw new PaddockError('not_supported', like.refused);
  if (threads > limits.threads) {
    const most = `${limits.threads} ${limits.threads === 1 ? 'thread' : 'threads'}`;
    throw badRequest(`${threads} threads are more than this browser gives, which is ${most}`);
  }
}

async function offerFacts(deps: House, model: InstalledModel): Promise<OfferFacts> {
  const [facts, limits, noWebGpu] = await Promise.all([
    deps.registry.facts(model),
    deps.limits(),
    deps.noWebGpu(),
  ]);
  return { facts, limits, noWebGpu };
}

async function bytesPerToken({ registry }: House, model: InstalledModel): Promise<number | null> {
  try {
    if (model.config.model_format === 'mlc') return await mlcBytes(registry, model);
    const header = await registry.readHeader(model, false);
    return header ? ggufBytesPerToken(header) : null;
  } catch (error) {
    console.warn('What a token reads is not known:', toPaddockError(error).message);
    return null;
  }
}

async function mlcBytes(registry: House['registry'], { manifest }: InstalledModel) {
  const text = async (is: (name: string) => boolean) => {
    const layer = layersOf(manifest, 'json').find(({ name }) => name !== undefined && is(name));
    return layer ? registry.readText(layer.digest) : null;
  };
  const [list, config] = await Promise.all([
    text(isTensorList),
    text((name) => name === CHAT_CONFIG),
  ]);
  return list && config ? mlcBytesPerToken(list, parseChatConfig(config).figures) : null;
}

function isSame(a: Candidate, b: Candidate): boolean {
  return (
    a.model === b.model &&
    a.engine === b.engine &&
    a.backend === b.backend &&
    a.threads === b.threads
  );
}

function describe({ model, engine, backend, threads }: Candidate): string {
  return `${model} with ${engine} on ${backend}${threads > 0 ? ` (${threads} threads)` : ''}`;
}
