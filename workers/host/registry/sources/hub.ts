/**
 * Models of the hub. A repository of GGUF files gives the one that the tag names, with its projector, and with the
 * files `template`, `system`, `params` and the licence at its root; one in MLC's format gives its texts, the library
 * that web-llm's list or the person names for it, and its shards, in this order: what is cheap to refuse comes first.
 * Every address is pinned to the commit that was found.
 */
import { chosenLibrary, mlcModel } from '#core/catalogue/mlc';
import { parseDigest } from '#core/digest';
import { PaddockError } from '#core/errors';
import { LAYER_PREFIX, type LayerKind } from '#core/manifest';
import { quantizationIn } from '#core/mlc/needs';
import { DEFAULT_TAG, displayName } from '#core/names';
import { HUB_URL, type PullTarget } from '#core/pull-target';
import type { FilesPlan, MlcPlan, PlannedFile, Source } from '../source';
import type { Ask } from './ask';
import { chooseGguf, chooseProjector } from './choose-gguf';
import { ggufModels, projectors, type GgufModel } from './gguf-files';
import { fileAddress, readRepo, type HubFile, type HubRepo } from './hub-api';
import { libraryAt } from './library';
import { listed } from './listed';
import { mlcFiles } from './mlc-files';

/** Bytes: larger ones are no such texts. */
const MAX_TEXT = 256 * 1024;
/** Names that a sentence lists. */
const LISTED = 6;

type Wanted = [kind: LayerKind, file: HubFile];

export class HubSource implements Source {
  readonly #ask: Ask;
  readonly #mirror: () => Promise<string | null>;

  /** `mirror`: an address that stands in for the hub's, without a slash at the end. */
  constructor(ask: Ask, mirror: () => Promise<string | null>) {
    this.#ask = ask;
    this.#mirror = mirror;
  }

  async resolve(target: PullTarget, signal: AbortSignal): Promise<FilesPlan> {
    const base = (await this.#mirror()) ?? HUB_URL;
    const { path, ...wanted } = pinnedBy(target);
    const repo = await readRepo(this.#ask, base, wanted, signal);
    const found = path === null ? choose(repo, target, base) : pick(repo, target, base, path);
    const empty = found.wanted.find(([, { size }]) => size === 0);
    if (empty) throw nothing(`${empty[1].path} is empty: it has 0 bytes.`, repo, base);
    const headers = await this.#ask.headersFor(base);
    const planned = ([kind, file]: Wanted): PlannedFile => ({
      ...{ digest: file.digest, size: file.size, name: file.path, mediaType: LAYER_PREFIX + kind },
      origin: {
        kind: 'file',
        url: fileAddress(base, repo, file.path),
        ...(headers && { headers }),
      },
    });
    const files = found.wanted.map(planned);
    if (repo.gated) await this.#requireAccess(fileAddress(base, repo, files[0]!.name), signal);
    const { format, choices, from, mlc } = found;
    const library = mlc?.library ?? null;
    if (library !== null && !parseDigest(library)) {
      const shards = files.findIndex(({ mediaType }) => mediaType === `${LAYER_PREFIX}tensor`);
      files.splice(shards, 0, await libraryAt(this.#ask, library, signal));
    }
    return { kind: 'files', format, files, from, choices, ...(mlc && { mlc }) };
  }

  /** Everybody may list a gated repository: whether its files are to be had shows only when they are asked for. */
  async #requireAccess(url: string, signal: AbortSignal): Promise<void> {
    await this.#ask.head(url, { headers: { Range: 'bytes=0-0' }, signal });
  }
}

interface Found {
  format: string;
  wanted: Wanted[];
  choices: { tag: string; size: number }[];
  from: string;
  mlc?: MlcPlan;
}

function choose(repo: HubRepo, target: PullTarget, base: string): Found {
  const models = ggufModels(repo.files);
  const url = `${base}/${repo.id}`;
  if (models.length > 0) return foundGguf(repo, models, chooseGguf(models, target.name, url));
  const mlc = mlcFiles(repo);
  if (!mlc) throw nothing(whatItHolds(repo), repo, base);
  const { tag } = target.name;
  if (tag !== DEFAULT_TAG && target.url === undefined) {
    const model = displayName(target.name);
    const message = `${repo.id} is in the MLC format, which has no ${tag}.`;
    throw new PaddockError('not_in_registry', message, { model, url });
  }
  const wanted: Wanted[] = [
    ...mlc.texts.map((file): Wanted => ['json', file]),
    ...mlc.shards.map((file): Wanted => ['tensor', file]),
  ];
  const from = `${HUB_URL}/${repo.id}/tree/${repo.sha}`;
  return { format: 'mlc', wanted, choices: [], from, mlc: mlcPlan(repo, target) };
}

/** What the person says of the library comes before what the list says. */
function mlcPlan({ id }: HubRepo, target: PullTarget): MlcPlan {
  const known = mlcModel(id);
  return {
    ...(known && { listed: known }),
    quantization: known?.quantization ?? quantizationIn(id),
    library: target.library ?? (known ? chosenLibrary(known) : null),
  };
}

/** The one with the file that the address named. */
function pick(repo: HubRepo, target: PullTarget, base: string, path: string): Found {
  const models = ggufModels(repo.files);
  const model = models.find(({ files }) => files.some((file) => file.path === path));
  if (model) return foundGguf(repo, models, model);
  const detail = { model: `${repo.id}/${path}`, url: `${base}/${repo.id}` };
  throw new PaddockError('not_in_registry', `${repo.id} has no whole model ${path}.`, detail);
}

function foundGguf(repo: HubRepo, models: GgufModel[], model: GgufModel): Found {
  const projector = chooseProjector(projectors(repo.files), model);
  const wanted: Wanted[] = [
    ...model.files.map((file): Wanted => ['model', file]),
    ...(projector ? [['projector', projector] satisfies Wanted] : []),
    ...textsOf(repo.files),
  ];
  const choices = models.map(({ tag, size }) => ({ tag, size }));
  return {
    format: 'gguf',
    wanted,
    choices,
    from: fileAddress(HUB_URL, repo, model.files[0]!.path),
  };
}

function textsOf(files: HubFile[]): Wanted[] {
  const small = files.filter(({ size }) => size > 0 && size <= MAX_TEXT);
  const first = (kind: LayerKind, pattern: RegExp) => {
    const file = small.find(({ path }) => pattern.test(path));
    return file ? [[kind, file] satisfies Wanted] : [];
  };
  return [
    ...first('template', /^template$/),
    ...first('system', /^system$/),
    ...first('params', /^params$/),
    ...first('license', /^licen[cs]e(\.(md|txt))?$/i),
  ];
}

/** An address says more than the name, which may be another: that of a copy, or of the catalogue. */
function pinnedBy({ name, url }: PullTarget) {
  if (url === undefined) {
    return { id: `${name.namespace}/${name.model}`, name, revision: null, path: null };
  }
  const [, user, repo, , revision = '', ...path] = new URL(url).pathname.split('/');
  const [at, file] = [revision, path.join('/')].map(decodeURIComponent) as [string, string];
  return { id: `${user}/${repo}`, name, revision: at, path: file || null };
}

function nothing(why: string, { id }: HubRepo, base: string): PaddockError {
  return new PaddockError('no_gguf', why, { model: id, url: `${base}/${id}` });
}

function whatItHolds({ id, files }: HubRepo): string {
  if (files.length === 0) return `${id} is empty.`;
  const bySize = [...files].sort((a, b) => b.size - a.size);
  const names = bySize.map(({ path }) => path);
  return `${id} holds ${listed(names, LISTED)}.`;
}
