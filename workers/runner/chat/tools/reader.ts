/** Calls of tools in the texts that models write. */

/** How a template's model writes its calls. */
export interface ToolReader {
  kind: 'hermes' | 'llama' | 'mistral' | 'list';
}

/** Undefined where the template says of no way that is known here. */
export function toolReader(template: string): ToolReader | undefined {
  return template.includes('<tool_call>') ? { kind: 'hermes' } : undefined;
}
