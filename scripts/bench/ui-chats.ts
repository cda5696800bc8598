/** Long chats, written into the page's database as the page would. */
import type { Page } from 'playwright';

const REPLY = `A paragraph with **bold** words, \`code\` and a [link](https://example.com/page), as long as many are.

- one point of a list
- another one, a little longer than the first

\`\`\`js
for (const word of words) console.log(word);
\`\`\`

And a last sentence.`;

/** A chat of so many messages, questions and answers; the page has to be loaded anew to know it. */
export async function writeChat(page: Page, id: string, messages: number): Promise<void> {
  const write = async ([id, messages, reply]: readonly [string, number, string]) => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('paddock');
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(new Error('The database did not open.'));
    });
    const transaction = db.transaction(['conversations', 'messages'], 'readwrite');
    const title = `Chat of ${messages}`;
    const conversation = { id, title, createdAt: 1, updatedAt: Date.now() };
    transaction.objectStore('conversations').put(conversation);
    for (let n = 0; n < messages; n++) {
      transaction.objectStore('messages').put({
        ...{ id: `${id}-${n}`, conversationId: id, createdAt: n + 1, state: 'done' },
        parentId: n === 0 ? null : `${id}-${n - 1}`,
        ...(n % 2 === 0
          ? { role: 'user', content: `Question ${n}: what about this one?` }
          : { role: 'assistant', content: `${reply}\n\nThat was answer ${n}.` }),
      });
    }
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = () => reject(new Error('The chat was not written.'));
    });
    db.close();
  };
  await page.evaluate(write, [id, messages, REPLY] as const);
}
