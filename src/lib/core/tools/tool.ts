/** A tool that is built in: what a model is told of it, and what a person is. */

/** Of JSON Schema, what the tools here need. */
export interface ArgumentSchema {
  type: 'string' | 'number' | 'integer' | 'boolean';
  description: string;
  enum?: string[];
}

export interface ToolDefinition {
  /** By which a model calls it. */
  name: string;
  /** For people. */
  title: string;
  about: string;
  /** For models. */
  description: string;
  properties: Record<string, ArgumentSchema>;
  required: readonly string[];
  /** Milliseconds that a call may take. */
  limitMs: number;
}

/** What went wrong in a tool, in words for the model that called it. */
export class ToolError extends Error {}

/** As `/api/chat` takes it. */
export function wireTool({ name, description, properties, required }: ToolDefinition) {
  const parameters = { type: 'object', properties, required: [...required] };
  return { type: 'function' as const, function: { name, description, parameters } };
}
