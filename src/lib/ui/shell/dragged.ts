/** The type under which a chat's id travels while its row is dragged. */
export const DRAGGED = 'application/x-paddock-chat';
