/** The keys of a conversation's messages in the index `byConversation`, whatever their times. */
export function rangeOf(conversationId: string): IDBKeyRange {
  return IDBKeyRange.bound([conversationId, -Infinity], [conversationId, Infinity]);
}
