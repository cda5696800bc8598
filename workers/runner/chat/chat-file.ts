/** What a model's file says of chats. */
import type { GgufHeader } from '#core/gguf';
import { fimNames, type FimNames } from './fim';

/** The format that most models without a template of their own were tuned on. */
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + " +
  "'<|im_end|>\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const CHATML_TOKENS = ['<|im_start|>', '<|im_end|>'];

export interface ChatFile {
  /** Its own template, ChatML where its vocabulary has the tokens; '' for a model that is not for chats. */
  template: string;
  /** Texts of the tokens; '' where the model has none. */
  bos: string;
  eos: string;
  bosToken: number | undefined;
  /** Whether a text is begun with BOS when it is read. */
  addsBos: boolean;
  /** Tokens that there are. */
  vocabulary: number;
  /** Absent where the model was not taught to fill gaps. */
  fim?: FimNames;
}

/** A vocabulary, as far as chats ask. */
export interface Names {
  bos: number | undefined;
  eos: number | undefined;
  addsBos: boolean;
  /** Tokens that there are. */
  size: number;
  /** The text of a token that there is. */
  name(token: number): string;
  /** Whether there is a token of that text. */
  has(text: string): boolean;
}

export function chatFileOf(header: GgufHeader, names: Names): ChatFile {
  const written = header.text('tokenizer.chat_template');
  const own = written.trim() === '' ? '' : written;
  const nameOf = (token: number | undefined) => (token === undefined ? '' : names.name(token));
  const fim = fimNames(header.metadata, names);
  return {
    template: own || (CHATML_TOKENS.every((text) => names.has(text)) ? CHATML : ''),
    bos: nameOf(names.bos),
    eos: nameOf(names.eos),
    bosToken: names.bos,
    addsBos: names.addsBos,
    vocabulary: names.size,
    ...(fim && { fim }),
  };
}
