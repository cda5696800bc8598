/** What a Modelfile asks of `/api/create`. */
import { badModelfile, type Modelfile, type Role } from '#core/modelfile/commands';
import { isDeprecated, isOfKind, kindText, parameterKind } from '#core/parameters';

export interface ModelfileRequest {
  /** A model's name, or what the writer calls its files: who has them knows. At least one. */
  from: string[];
  adapters: string[];
  drafts: string[];
  template?: string;
  system?: string;
  license?: string[];
  parameters?: Record<string, unknown>;
  messages?: { role: Role; content: string }[];
  renderer?: string;
  parser?: string;
  requires?: string;
  /** A sentence for each line that does nothing any more. */
  warnings: string[];
}

/** Of a command that is there twice the last counts. @throws PaddockError `bad_request` for a parameter's value */
export function modelfileRequest(modelfile: Modelfile): ModelfileRequest {
  const request: ModelfileRequest = { from: [], adapters: [], drafts: [], warnings: [] };
  const parameters = new Map<string, unknown>();
  for (const command of modelfile) {
    const { name, value } = command;
    if (name === 'parameter') addParameter(parameters, command.key, value, request.warnings);
    else if (name === 'message') {
      (request.messages ??= []).push({ role: command.role, content: value });
    } else if (name === 'license') (request.license ??= []).push(value);
    else if (name === 'from') request.from.push(value);
    else if (name === 'adapter') request.adapters.push(value);
    else if (name === 'draft') request.drafts.push(value);
    else request[name] = value;
  }
  if (parameters.size > 0) request.parameters = Object.fromEntries(parameters);
  return request;
}

function addParameter(
  parameters: Map<string, unknown>,
  key: string,
  value: string,
  warnings: string[],
): void {
  if (isDeprecated(key)) {
    warnings.push(`The parameter ${key} is deprecated and does nothing.`);
    return;
  }
  const kind = parameterKind(key);
  if (!kind) throw badModelfile(`unknown parameter '${key.slice(0, 200)}'`);
  if (kind === 'array of strings') {
    parameters.set(key, [...((parameters.get(key) as string[] | undefined) ?? []), value]);
    return;
  }
  const typed = typedValue(value);
  if (!isOfKind(typed, kind)) {
    throw badModelfile(`parameter "${key}" must be ${kindText(kind)}: ${value.slice(0, 200)}`);
  }
  parameters.set(key, typed);
}

/** A number or a truth value where the text is one. */
function typedValue(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
