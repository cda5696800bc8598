/** How web-llm is made to write its grammars; its pipeline is a stand-in that remembers. */
import { expect, it } from 'vitest';
import { tameGrammars } from '../../workers/runner/engines/webllm/grammars';
import type {
  CompiledGrammar,
  Generation,
  TextPipeline,
} from '../../workers/runner/engines/webllm/pipeline';
import { toolFormat } from '../../workers/runner/engines/webllm/tools';

const asked = (schema: string): Generation => ({
  response_format: { type: 'json_object', schema },
});

function pipeline(prepare: TextPipeline['prepareGrammarMatcherForSampling'] = () => undefined) {
  const double = { prepareGrammarMatcherForSampling: prepare } as TextPipeline;
  tameGrammars(double);
  return double;
}

it('are made one after the other, also behind one that fails and one that nobody waits for', async () => {
  const begun: unknown[] = [];
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const { prepareGrammarMatcherForSampling: prepare } = pipeline((generation) => {
    begun.push(generation);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  });
  const [one, two, three] = ['1', '2', '3'].map(asked);
  const first = prepare(one!)!;
  void prepare(two!);
  const last = prepare(three!)!;
  await expect.poll(() => begun).toEqual([one]);
  ends[0]!.reject(new Error('no schema'));
  await expect(first).rejects.toThrow('no schema');
  await expect.poll(() => begun).toEqual([one, two]);
  ends[1]!.resolve();
  await expect.poll(() => begun).toEqual([one, two, three]);
  ends[2]!.resolve();
  await last;
});

it('keep nobody waiting who asks for none', () => {
  const { prepareGrammarMatcherForSampling: prepare } = pipeline(() => new Promise(() => {}));
  void prepare(asked('1'));
  expect(prepare({ max_tokens: 1 })).toBeUndefined();
});

it('have JSON on one line, in replies and in calls of tools', async () => {
  const schemas: unknown[][] = [];
  const tags: unknown[] = [];
  let open = 0;
  const double = pipeline();
  double.grammarCompiler = {
    async compileJSONSchema(...args) {
      schemas.push(args);
      open += 2;
      const [schema] = args;
      const dispose = () => void open--;
      return { grammar: () => ({ toString: () => `root of ${schema}`, dispose }), dispose };
    },
    async compileStructuralTag(tag) {
      tags.push(tag);
      return {} as CompiledGrammar;
    },
  };
  const compiler = double.grammarCompiler;
  await compiler.compileJSONSchema('{}');
  expect(schemas).toEqual([['{}', false, -1]]);
  open = 0;
  const parameters = { type: 'object', properties: { type: { const: 'json_schema' } } };
  const format = toolFormat([{ name: 'add', parameters }]);
  await compiler.compileStructuralTag(format.type === 'structural_tag' && format.structural_tag);
  expect(schemas[1]).toEqual([JSON.stringify(parameters), false, -1]);
  expect(tags).toMatchObject([
    {
      format: {
        tags: [
          {
            begin: '<tool_call>\n{"name": "add", "arguments": ',
            content: { type: 'grammar', grammar: `root of ${JSON.stringify(parameters)}` },
          },
        ],
      },
    },
  ]);
  expect(open).toBe(0);
});
