import 'fake-indexeddb/auto';
import { parseChange, type Change } from '#core/changes';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announce, joinChanges, leaveChanges, watchChanges } from '../../src/lib/storage/changes';
import {
  changeConversation,
  purgeConversations,
  writeMessages,
} from '../../src/lib/storage/conversations';
import { writeSetting } from '../../src/lib/storage/settings';
import { conversation, openOtherTab, userMessage, type OtherTab } from '../fixtures/other-tab';

const heard: Change[] = [];
watchChanges((change) => heard.push(change));

let other: OtherTab;

beforeEach(() => {
  heard.length = 0;
  joinChanges();
  other = openOtherTab();
});

afterEach(() => {
  other.close();
  leaveChanges();
});

describe('a change', () => {
  const changes: Change[] = [
    { type: 'conversations', ids: ['a', 'b'] },
    { type: 'benches', ids: ['a'] },
    { type: 'message', conversation: 'a', id: 'm' },
    { type: 'setting', key: 'theme' },
    { type: 'models', which: 'running' },
    { type: 'stop', message: 'm' },
  ];

  it('is understood in every form, without what does not belong to it', () => {
    for (const change of changes) {
      expect(parseChange(change)).toEqual(change);
      expect(parseChange({ ...change, more: 1 })).toEqual(change);
    }
  });

  it('is nothing where a part is missing, or of another kind', () => {
    for (const change of changes) {
      for (const key of Object.keys(change)) {
        expect(parseChange({ ...change, [key]: undefined })).toBeNull();
        expect(parseChange({ ...change, [key]: 42 })).toBeNull();
        expect(parseChange({ ...change, [key]: [42] })).toBeNull();
      }
    }
    for (const value of [null, 'stop', 7, [], {}, { type: 'hello' }]) {
      expect(parseChange(value)).toBeNull();
    }
  });
});

describe('a tab', () => {
  it('hears what others tell, and passes over what it cannot read', async () => {
    other.tell({ type: 'unheard-of' });
    other.tell({ type: 'setting', key: 'theme' });
    await vi.waitFor(() => expect(heard).toEqual([{ type: 'setting', key: 'theme' }]));
  });

  it('does not hear itself', async () => {
    announce({ type: 'stop', message: 'own' });
    await vi.waitFor(() => expect(other.heard).toHaveLength(1));
    other.tell({ type: 'stop', message: 'other' });
    await vi.waitFor(() => expect(heard).toEqual([{ type: 'stop', message: 'other' }]));
  });

  it('tells each write after it succeeded, and none that failed', async () => {
    const chat = conversation('one', 1);
    const message = userMessage('m', 'one', 1);
    await writeMessages({ put: [message] }, chat, false);
    await changeConversation('one', { title: 'New' });
    await writeMessages({ put: [message] }, chat, true);
    await changeConversation('one', { title: 'New' });
    await writeMessages({ remove: ['m'] }, chat, false);
    await writeMessages({ put: [message], remove: ['n'] }, chat, false);
    await purgeConversations(['one']);
    await writeSetting('theme', 'dark');
    const told = { type: 'message', conversation: 'one', id: 'm' };
    await vi.waitFor(() =>
      expect(other.heard).toEqual([
        told,
        { type: 'conversations', ids: ['one'] },
        told,
        { type: 'messages', conversation: 'one' },
        { type: 'conversations', ids: ['one'] },
        { type: 'setting', key: 'theme' },
      ]),
    );
  });

  it('may leave and come back', async () => {
    leaveChanges();
    announce({ type: 'stop', message: 'again' });
    await vi.waitFor(() => expect(other.heard).toEqual([{ type: 'stop', message: 'again' }]));
  });
});
