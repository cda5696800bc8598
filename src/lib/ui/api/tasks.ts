/** What the examples do, and what a model needs for it. */
import type { Client, Task } from './example';

interface TaskFacts {
  title: string;
  /** The capability that a model needs; null: none is asked. */
  needs: string | null;
  /** What no model here does, where none does it. */
  lack: string;
  /** What is asked at first; null where the example brings its own texts. */
  prompt: string | null;
}

export const TASKS: Record<Task, TaskFacts> = {
  chat: {
    title: 'Chat, streamed',
    needs: 'completion',
    lack: 'writes text',
    prompt: 'Why is the sky blue? Answer in one sentence.',
  },
  structured: {
    title: 'Structured output',
    needs: 'completion',
    lack: 'writes text',
    prompt: 'Ada is 36 years old. Answer with her name and age as JSON.',
  },
  tools: {
    title: 'Tools',
    needs: 'tools',
    lack: 'calls tools',
    prompt: 'What is the weather in Oslo?',
  },
  embeddings: { title: 'Embeddings', needs: 'embedding', lack: 'makes embeddings', prompt: null },
  models: { title: 'List models', needs: null, lack: '', prompt: null },
};

/** Where the client comes from, for who copies the text. */
export const SOURCES: Record<Client, string> = {
  fetch: 'It needs no package: paste it into this page’s console.',
  ollama: 'npm install ollama',
  openai: 'npm install openai',
};
