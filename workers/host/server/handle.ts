/**
 * The contract: Ollama's HTTP API as one function. Pure: what it needs comes in `deps`, so the same function
 * answers a test in Node, a page's port, and the service worker. The path counts from the site's folder.
 */
import { PaddockError, isAbort } from '#core/errors';
import { isOpenAiPath } from '#core/openai-error';
import { brief } from './body';
import type { Deps } from './deps';
import { errorResponse } from './http';
import { chatCompletions } from './openai/chat';
import { completions } from './openai/completions';
import { embeddings as openAiEmbeddings } from './openai/embeddings';
import { openAiErrorResponse } from './openai/http';
import { model as openAiModel, models as openAiModels } from './openai/models';
import { RequestLog, requestLogRoutes, REQUESTS } from './request-log';
import type { Route } from './route';
import { bench, benchCandidates, pauseBench, resumeBench } from './routes/bench';
import { hasBlob, putBlob } from './routes/blobs';
import { chat } from './routes/chat';
import { copy } from './routes/copy';
import { count } from './routes/count';
import { create } from './routes/create';
import { deleteModel } from './routes/delete';
import { device, measureDevice } from './routes/device';
import { embed, embeddings } from './routes/embed';
import { files } from './routes/files';
import { generate } from './routes/generate';
import { inspect } from './routes/inspect';
import { installBlobs } from './routes/install';
import { limits } from './routes/limits';
import { hub, setHub } from './routes/hub';
import { models } from './routes/models';
import { network, switchNetwork } from './routes/network';
import { ps } from './routes/ps';
import { pull } from './routes/pull';
import { push } from './routes/push';
import { resolve } from './routes/resolve';
import { addPull, cancelPull, limitPulls, pausePull, pulls, resumePull } from './routes/pulls';
import { root } from './routes/root';
import { runners } from './routes/runners';
import { show } from './routes/show';
import { fetchLibrary, storeBlob } from './routes/store-blob';
import { checkStorage, collectStorage, repairStorage, storage } from './routes/storekeeping';
import { tags } from './routes/tags';
import { setToken, tokens } from './routes/tokens';
import { version } from './routes/version';

type Routes = Record<string, Partial<Record<string, Route>>>;

/** By path; `*` stands for the last step of one, `**` for a model's name, which may have steps. */
const routes: Routes = {
  '/': { GET: root, HEAD: root },
  '/api/version': { GET: version, HEAD: version },
  '/api/tags': { GET: tags, HEAD: tags },
  '/api/ps': { GET: ps },
  '/api/show': { POST: show },
  '/api/pull': { POST: pull },
  '/api/push': { POST: push },
  '/api/create': { POST: create },
  '/api/copy': { POST: copy },
  '/api/delete': { DELETE: deleteModel },
  '/api/blobs/*': { HEAD: hasBlob, POST: putBlob },
  '/api/generate': { POST: generate },
  '/api/chat': { POST: chat },
  '/api/embed': { POST: embed },
  '/api/embeddings': { POST: embeddings },
  '/api/paddock/count': { POST: count },
  '/api/paddock/runners': { GET: runners },
  '/api/paddock/limits': { GET: limits },
  '/api/paddock/device': { GET: device, POST: measureDevice },
  '/api/paddock/models': { GET: models },
  '/api/paddock/storage': { GET: storage },
  '/api/paddock/storage/check': { POST: checkStorage },
  '/api/paddock/storage/repair': { POST: repairStorage },
  '/api/paddock/storage/collect': { POST: collectStorage },
  '/api/paddock/network': { GET: network, POST: switchNetwork },
  '/api/paddock/inspect': { POST: inspect },
  '/api/paddock/blobs': { POST: storeBlob },
  '/api/paddock/libraries': { POST: fetchLibrary },
  '/api/paddock/manifests': { POST: installBlobs },
  '/api/paddock/files': { POST: files },
  '/api/paddock/resolve': { POST: resolve },
  '/api/paddock/tokens': { GET: tokens, POST: setToken },
  '/api/paddock/hub': { GET: hub, POST: setHub },
  '/api/paddock/pulls': { GET: pulls, POST: addPull },
  '/api/paddock/pulls/pause': { POST: pausePull },
  '/api/paddock/pulls/resume': { POST: resumePull },
  '/api/paddock/pulls/cancel': { POST: cancelPull },
  '/api/paddock/pulls/limit': { POST: limitPulls },
  '/api/paddock/bench': { POST: bench },
  '/api/paddock/bench/candidates': { GET: benchCandidates },
  '/api/paddock/bench/pause': { POST: pauseBench },
  '/api/paddock/bench/resume': { POST: resumeBench },
  '/v1/chat/completions': { POST: chatCompletions },
  '/v1/completions': { POST: completions },
  '/v1/embeddings': { POST: openAiEmbeddings },
  '/v1/models': { GET: openAiModels, HEAD: openAiModels },
  '/v1/models/**': { GET: openAiModel, HEAD: openAiModel },
};

export type Handle = (request: Request) => Promise<Response>;

/** `siteUrl` ends in `/`: the folder that the paths count from. */
export function createHandle(deps: Deps, siteUrl: string): Handle {
  const folder = new URL(siteUrl).pathname;
  const log = new RequestLog(deps);
  const all = { ...routes, [REQUESTS]: requestLogRoutes(log) };
  const answer = async (request: Request, path: string, house: Deps) => {
    const refuse = isOpenAiPath(path) ? openAiErrorResponse : errorResponse;
    try {
      const methods = methodsOf(all, path);
      if (!methods) throw new PaddockError('no_endpoint', `no such endpoint: ${brief(path)}`);
      const route = own(methods, request.method);
      if (route) return await route(request, house, request.signal);
      const message = `${brief(request.method)} is not allowed for ${brief(path)}`;
      const response = refuse(new PaddockError('wrong_method', message));
      response.headers.set('Allow', Object.keys(methods).join(', '));
      return response;
    } catch (error) {
      if (!(error instanceof PaddockError) && !isAbort(error)) console.error(error);
      return refuse(error);
    }
  };
  return (request) => {
    const { pathname } = new URL(request.url);
    const path = pathname.startsWith(folder) ? pathname.slice(folder.length - 1) : pathname;
    return log.follow(request, path, async (noteTokens) => {
      const response = await answer(request, path, noteTokens ? { ...deps, noteTokens } : deps);
      return request.method === 'HEAD' ? withoutBody(response) : response;
    });
  };
}

function methodsOf(table: Routes, path: string): Partial<Record<string, Route>> | undefined {
  return (
    own(table, path) ??
    own(table, path.replace(/[^/]*$/, '*')) ??
    own(table, path.replace(/^(\/v1\/models\/).+$/, '$1**'))
  );
}

/** Not the prototype's: a stranger may choose `constructor` for a verb. */
function own<T>(table: Partial<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function withoutBody({ status, headers }: Response): Response {
  return new Response(null, { status, headers });
}
