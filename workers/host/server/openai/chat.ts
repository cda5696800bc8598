import type { Route } from '../route';
import { chat } from '../routes/chat';
import { readBody } from '../body';
import { chatDialect } from './chat-answer';
import { nativeChat } from './chat-request';
import { readsUsage } from './stream-options';
import { viaNative } from './via-native';

/** `POST /v1/chat/completions` */
export const chatCompletions: Route = async (request, deps, signal) => {
  const body = await readBody(request);
  const native = nativeChat(body);
  return viaNative(chat, request, native, chatDialect(readsUsage(body)), deps, signal);
};
