/** Messages and tools as Ollama's templates know them. */
import type { ChatMessage, Tool, ToolCall } from '#core/engine';
import { isObject } from '#core/is-object';
import { GoList, GoRecord, goValue } from '#core/template/go/values';

export function goMessages(messages: readonly ChatMessage[]): GoList {
  return new GoList(messages.map(messageOf));
}

function messageOf(message: ChatMessage): GoRecord {
  const { role, content, thinking = '', toolCalls = [], toolName = '' } = message;
  const entries = {
    Role: role,
    Content: content,
    Thinking: thinking,
    Images: new GoList([]),
    ToolCalls: new GoList(toolCalls.map(callOf)),
    ToolName: toolName,
    ToolCallID: '',
  };
  return new GoRecord(entries, { role, content, ...(thinking && { thinking }) }, 'a message');
}

function callOf({ id, name, arguments: args }: ToolCall, index: number): GoRecord {
  const called = { index, name, arguments: args };
  const entries = { Index: index, Name: name, Arguments: goValue(args) };
  const inner = new GoRecord(entries, called, 'the function of a call');
  return new GoRecord({ ID: id, Function: inner }, { id, function: called }, 'a call');
}

export function goTools(tools: readonly Tool[]): GoList {
  const plain = tools.map((tool) => ({ type: 'function', function: tool }));
  return new GoList(
    tools.map((tool, at) => toolOf(tool, plain[at])),
    plain,
  );
}

function toolOf(tool: Tool, plain: unknown): GoRecord {
  const { name, description = '', parameters } = tool;
  const entries = { Name: name, Description: description, Parameters: parametersOf(parameters) };
  const inner = new GoRecord(entries, tool, 'a function');
  return new GoRecord({ Type: 'function', Items: null, Function: inner }, plain, 'a tool');
}

function parametersOf(schema: Record<string, unknown>): GoRecord {
  const { type = 'object', $defs, items, required, properties } = schema;
  const entries = {
    Type: typeOf(type),
    Defs: goValue($defs),
    Items: goValue(items),
    Required: goValue(required ?? []),
    Properties: propertiesOf(properties),
  };
  return new GoRecord(entries, schema, 'the parameters of a function');
}

function propertiesOf(properties: unknown): GoRecord {
  const known = isObject(properties) ? properties : {};
  const entries = Object.entries(known).map(([name, schema]) => [name, propertyOf(schema)]);
  return new GoRecord(Object.fromEntries(entries) as Record<string, GoRecord>, known);
}

function propertyOf(schema: unknown): GoRecord {
  const given = isObject(schema) ? schema : {};
  const { anyOf, type, items, description = '', enum: values, properties, required } = given;
  const entries = {
    AnyOf: goValue(anyOf ?? []),
    Type: typeOf(type),
    Items: goValue(items),
    Description: goValue(description),
    Enum: goValue(values ?? []),
    Properties: goValue(properties),
    Required: goValue(required ?? []),
  };
  return new GoRecord(entries, schema, 'a property');
}

/** `string`; of several `[string null]`. */
function typeOf(type: unknown): string {
  return Array.isArray(type) ? `[${type.join(' ')}]` : typeof type === 'string' ? type : '';
}
