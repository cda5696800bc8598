/** Images in a prompt: its text has a mark for each, and the engine puts there what its projector makes of the image. */
import type { ChatMessage } from '#core/engine';
import { PaddockError } from '#core/errors';
import type { Image, Prompt } from './gguf-model';

/** What a chat shows, in the order of its messages. */
export function imagesOf(messages: readonly ChatMessage[]): Image[] {
  return messages.flatMap(({ images = [] }) => images);
}

/**
 * With a mark an image in front of what was said with it, where Ollama has them. The mark itself nobody may
 * write: a space takes its place, around which no other comes together.
 * Between two there is a line's end: llama.cpp's cache fails ("Chunk not found") where a prompt leaves an earlier one
 * between two images that nothing parts (`server_tokens::keep_first`).
 */
export function withMarks(messages: readonly ChatMessage[], mark: string): readonly ChatMessage[] {
  return messages.map((message) => {
    const { content, thinking, images = [] } = message;
    return {
      ...message,
      content: images.map(() => mark).join('\n') + content.replaceAll(mark, ' '),
      ...(thinking !== undefined && { thinking: thinking.replaceAll(mark, ' ') }),
    };
  });
}

/** @throws PaddockError `not_supported` where the template left an image out, or wrote one twice */
export function checkMarks(text: string, mark: string, images: readonly Image[]): void {
  if (text.split(mark).length - 1 === images.length) return;
  const message = "This model's chat template does not write a message with its images as it is.";
  throw new PaddockError('not_supported', message);
}

/** Tokens of one of a prompt's images, of their mean, by the engine's refusal of all; 0 for another error. */
export function sizeOfImages(error: unknown, { images = [], length }: Prompt): number {
  const refused = error instanceof PaddockError && error.code === 'context_exceeded';
  if (!refused || images.length === 0) return 0;
  return Math.ceil((Number(error.detail.promptTokens) - length) / images.length);
}

export function cannotSee(): PaddockError {
  return new PaddockError('not_supported', 'This model cannot see images.');
}
