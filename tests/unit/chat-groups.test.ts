import { expect, it } from 'vitest';
import { groupChats } from '../../src/lib/state/chat-groups';
import { conversation } from '../fixtures/other-tab';

const now = new Date(2026, 2, 30, 0, 30);
const at = (day: number, hour = 12) => new Date(2026, 2, day, hour).getTime();
const folder = { id: 'f', name: 'Work', createdAt: 1 };

it('puts pins first, then folders, then the rest by day', () => {
  const chats = [
    conversation('today', at(30, 0)),
    { ...conversation('in', at(29)), folder: 'f' },
    conversation('yesterday', at(29, 0)),
    { ...conversation('orphan', at(28)), folder: 'gone' },
    { ...conversation('pin', at(20)), folder: 'f', pinned: true as const },
    conversation('older', at(22)),
  ];
  const groups = groupChats(chats, [folder], now);
  expect(groups.map(({ label, chats }) => [label, chats.map(({ id }) => id)])).toEqual([
    ['Pinned', ['pin']],
    ['Work', ['in']],
    ['Today', ['today']],
    ['Yesterday', ['yesterday']],
    ['Previous 7 days', ['orphan']],
    ['Older', ['older']],
  ]);
});

it('shows empty folders, and no other empty group', () => {
  expect(groupChats([], [folder], now).map(({ key }) => key)).toEqual(['f']);
});
