import type { ModelResponse } from 'ollama/browser';
import type { Activity, EngineInfo } from '#core/engine';
import { toWire, type WireError } from '#core/errors';
import { nameKey, parseName } from '#core/names';
import { STARTER } from '#core/starter';
import { openOllama } from '$lib/client/ollama';
import { installedModels, loadedModels, runners, type RunningModel } from '$lib/client/paddock';
import { settings } from './settings.svelte';

/** Installed and running models, as the host last told. */
class Models {
  #installed = $state.raw<ModelResponse[] | null>(null);
  #running = $state.raw<RunningModel[]>([]);
  #activities = $state.raw<Activity[]>([]);
  #writing = $state.raw<string[]>([]);
  #expiry = $state.raw<Map<string, number>>(new Map());
  #error = $state.raw<WireError | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Newest first; null until they have been read. */
  get installed() {
    return this.#installed;
  }

  get running() {
    return this.#running;
  }

  /** How far the load of a model was when the host was last asked; null: none loaded. */
  get load(): Activity | null {
    return this.#activities.find(({ phase }) => phase !== 'prompt') ?? null;
  }

  /** Why the installed models could not be read. */
  get error() {
    return this.#error;
  }

  /** Names of those that can be chatted with, newest first: others make embeddings alone. */
  get chats(): string[] {
    return this.#installed?.filter(writes).map(({ name }) => name) ?? [];
  }

  /** The model that a new chat goes to: the last one chosen, or the starter, or the newest. */
  get chosen(): string | null {
    const names = this.chats;
    const { model } = settings.values;
    if (model && names.includes(model)) return model;
    return names.includes(STARTER.name) ? STARTER.name : (names[0] ?? null);
  }

  /** Whether the lists say that `name` has this capability; false where they do not say. */
  can(name: string, capability: string): boolean {
    const model: Listed | undefined = this.#installed?.find((one) => key(one.name) === key(name));
    return model?.capabilities?.includes(capability) ?? false;
  }

  /** What really runs `name`; undefined while it is not loaded. */
  infoOf(name: string): EngineInfo | undefined {
    return this.#running.find(({ names }) => names.some((one) => key(one) === key(name)))?.info;
  }

  /** What `name` did before it writes when it was last asked; null: nothing. */
  activityOf(name: string): Activity | null {
    return this.#activities.find(({ model }) => key(model) === key(name)) ?? null;
  }

  /** Whether whoever asks `name` had to wait for a reply, of whichever tab, when the host was last asked. */
  isWriting(name: string): boolean {
    return this.#writing.some((one) => key(one) === key(name));
  }

  /** When `name` unloads, in milliseconds since the epoch; Infinity for never. */
  expiryOf(name: string): number | undefined {
    return this.#expiry.get(key(name));
  }

  async refresh() {
    this.#error = null;
    try {
      this.#installed = await installedModels();
    } catch (error) {
      this.#error = toWire(error);
      return;
    }
    await this.refreshRunning();
  }

  async refreshRunning() {
    try {
      const [loaded, running] = await Promise.all([loadedModels(), runners()]);
      const namesOf = (name: string) =>
        running.runners.find((one) => one.name === name)?.names ?? [name];
      this.#expiry = new Map(
        loaded.flatMap((one) => namesOf(one.name).map((name) => [key(name), expiry(one)])),
      );
      this.#running = running.runners;
      this.#activities = running.activities;
      this.#writing = running.writing;
    } catch {
      // The host is gone, and with it what ran; the request that needs it reports the reason.
      this.#running = [];
      this.#activities = [];
      this.#writing = [];
      this.#expiry = new Map();
    }
    this.#lookAgain();
  }

  /** @throws PaddockError */
  async unload(name: string) {
    await (await openOllama()).generate({ model: name, prompt: '', keep_alive: 0 });
    await this.refreshRunning();
  }

  /** @throws PaddockError */
  async remove(name: string) {
    await (await openOllama()).delete({ model: name });
    await this.refresh();
  }

  /** An idle model unloads by itself: the list is read again when the first of them is due. */
  #lookAgain() {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#expiry.values());
    const wait = Math.max(0, next - Date.now()) + 1000;
    // Timers overflow above 2^31 ms, and nobody looks at a page for 24 days.
    if (wait < 2 ** 31) this.#timer = setTimeout(() => void this.refreshRunning(), wait);
  }
}

/** `/api/tags` tells what each can do, which the package's types leave out. */
type Listed = ModelResponse & { capabilities?: string[] };

function writes(model: Listed): boolean {
  return model.capabilities?.includes('completion') ?? true;
}

function key(name: string): string {
  const parsed = parseName(name);
  return parsed ? nameKey(parsed) : name;
}

/** Ollama writes "never" as a date centuries ahead. */
function expiry({ expires_at }: ModelResponse): number {
  const at = new Date(expires_at).getTime();
  return Number.isNaN(at) || at > Date.now() + 50 * 365 * 86_400_000 ? Infinity : at;
}

export const models = new Models();
