/** What the examples do, and what a model needs for it. */
import * as m from '#core/messages/api';
import type { Part } from '#core/language';
import type { Client, Task } from './example';

interface TaskFacts {
  title: () => string;
  /** The capability that a model needs; null: none is asked. */
  needs: string | null;
  /** That no model here does it. */
  lack: (() => Part[]) | null;
  /** What is asked at first; null where the example brings its own texts. */
  prompt: (() => string) | null;
}

export const TASKS: Record<Task, TaskFacts> = {
  chat: {
    title: m.api_task_chat,
    needs: 'completion',
    lack: m.api_lack_text.parts,
    prompt: m.api_ask_chat,
  },
  structured: {
    title: m.api_task_structured,
    needs: 'completion',
    lack: m.api_lack_text.parts,
    prompt: m.api_ask_structured,
  },
  tools: {
    title: m.api_task_tools,
    needs: 'tools',
    lack: m.api_lack_tools.parts,
    prompt: m.api_ask_tools,
  },
  embeddings: {
    title: m.api_task_embeddings,
    needs: 'embedding',
    lack: m.api_lack_embeddings.parts,
    prompt: null,
  },
  models: { title: m.api_task_models, needs: null, lack: null, prompt: null },
};

/** Where the client comes from, for who copies the text. */
export const SOURCES: Record<Client, () => string> = {
  fetch: m.api_source_fetch,
  ollama: () => 'npm install ollama',
  openai: () => 'npm install openai',
};
