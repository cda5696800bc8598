/**
 * web-llm's grammars, made one at a time, with JSON on one line. Where blanks are free, as they are by web-llm's own
 * choice, a small model may write them to the end of its context.
 */
import { isObject } from '#core/is-object';
import type { CompiledGrammar, GrammarCompiler, TextPipeline } from './pipeline';

/** From now on `pipeline` makes its grammars so. */
export function tameGrammars(pipeline: TextPipeline): void {
  const prepare = pipeline.prepareGrammarMatcherForSampling.bind(pipeline);
  let last: Promise<unknown> = Promise.resolve();
  // The grammar of a request that was stopped is made to its end, beside what comes next: two at once would load the
  // code for grammars twice, and each copy refuses what the other has made.
  pipeline.prepareGrammarMatcherForSampling = (generation) => {
    if (!generation.response_format) return undefined;
    const made = last.then(() => prepare(generation));
    last = made.catch(() => {}); // its own request is told
    return made;
  };
  let compiler: GrammarCompiler | undefined;
  Object.defineProperty(pipeline, 'grammarCompiler', {
    configurable: true,
    get: () => compiler,
    set: (made: GrammarCompiler | undefined) => {
      compiler = made && onOneLine(made);
    },
  });
}

function onOneLine(compiler: GrammarCompiler): GrammarCompiler {
  const json = compiler.compileJSONSchema.bind(compiler);
  const structure = compiler.compileStructuralTag.bind(compiler);
  const compile = (schema: string) => json(schema, false, -1);
  compiler.compileJSONSchema = compile;
  compiler.compileStructuralTag = async (tag) => structure(await withoutSchemas(tag, compile));
  return compiler;
}

/** `value` with grammars in the place of schemas, whose blanks cannot be told there. */
async function withoutSchemas(
  value: unknown,
  compile: (schema: string) => Promise<CompiledGrammar>,
): Promise<unknown> {
  if (Array.isArray(value)) {
    return Promise.all(value.map((one) => withoutSchemas(one, compile)));
  }
  if (!isObject(value)) return value;
  if (value.type === 'json_schema') {
    const compiled = await compile(JSON.stringify(value.json_schema));
    const grammar = compiled.grammar();
    const text = grammar.toString();
    grammar.dispose();
    compiled.dispose();
    return { type: 'grammar', grammar: text };
  }
  const entries = Object.entries(value).map(
    async ([key, one]) => [key, await withoutSchemas(one, compile)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
