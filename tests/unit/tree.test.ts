/** The tree of a conversation's messages, beside one that looks everything up anew. */
import { describe, expect, it } from 'vitest';
import { Xoshiro128 } from '#core/random';
import { inOrder, Tree, type TreeNode } from '#core/tree';

function node(id: string, parentId: string | null, createdAt: number): TreeNode {
  return { id, parentId, createdAt };
}

const ids = (nodes: readonly TreeNode[]) => nodes.map(({ id }) => id);

/** Two replies to one question, one of them with a question of its own, and another beginning. */
const SMALL = [
  node('q', null, 1),
  node('a', 'q', 2),
  node('b', 'q', 4),
  node('q2', 'a', 3),
  node('a2', 'q2', 9),
  node('other', null, 5),
];

describe('a small one', () => {
  const tree = new Tree(SMALL);

  it('has the branch of a leaf', () => {
    expect(ids(tree.branch('a2'))).toEqual(['q', 'a', 'q2', 'a2']);
    expect(ids(tree.branch('b'))).toEqual(['q', 'b']);
    expect(tree.branch('gone')).toEqual([]);
    expect(tree.branch(null)).toEqual([]);
  });

  it('has the versions of a message in their order', () => {
    expect(ids(tree.siblings('b'))).toEqual(['a', 'b']);
    expect(ids(tree.siblings('q'))).toEqual(['q', 'other']);
    expect(tree.siblings('gone')).toEqual([]);
  });

  it('has what follows, and the newest end of it', () => {
    expect(ids(tree.descendants('q'))).toEqual(['a', 'b', 'q2', 'a2']);
    expect(tree.newestLeaf('q')?.id).toBe('a2');
    expect(tree.newestLeaf('b')?.id).toBe('b');
    expect(tree.newestLeaf(null)?.id).toBe('a2');
    expect(new Tree([]).newestLeaf(null)).toBeUndefined();
  });
});

it.each<[string, TreeNode[], string, string[]]>([
  ['a parent that is not there', [node('a', 'gone', 1), node('b', 'a', 2)], 'b', ['a', 'b']],
  ['its own parent', [node('a', 'a', 1), node('b', 'a', 2)], 'b', ['a', 'b']],
  [
    'a circle, which is cut before its earliest',
    [node('b', 'a', 2), node('a', 'c', 1), node('c', 'b', 3), node('tail', 'b', 0)],
    'tail',
    ['a', 'b', 'tail'],
  ],
])('loses nothing to %s', (_what, nodes, leaf, branch) => {
  const tree = new Tree(nodes);
  expect(ids(tree.branch(leaf))).toEqual(branch);
  expect(ids(tree.descendants(null)).sort()).toEqual(ids(nodes).sort());
});

/** Looks everything up anew. */
class Naive {
  constructor(readonly nodes: TreeNode[]) {}

  parent(node: TreeNode): TreeNode | undefined {
    const up = (one: TreeNode) => this.nodes.find(({ id }) => id === one.parentId);
    const circle = [node];
    for (let at = up(node); at && !circle.includes(at); at = up(at)) circle.push(at);
    const own = up(circle.at(-1)!) === node; // what is walked comes back to where it began
    const first = [...circle].sort(inOrder)[0];
    return own && first === node ? undefined : up(node);
  }

  branch(node: TreeNode): TreeNode[] {
    const parent = this.parent(node);
    return parent ? [...this.branch(parent), node] : [node];
  }

  siblings(node: TreeNode): TreeNode[] {
    const parent = this.parent(node);
    return this.nodes.filter((one) => this.parent(one) === parent).sort(inOrder);
  }

  below(node: TreeNode): TreeNode[] {
    return this.nodes.filter((one) => one !== node && this.branch(one).includes(node));
  }

  newest(node: TreeNode): TreeNode | undefined {
    const ends = [node, ...this.below(node)].filter((one) => this.below(one).length === 0);
    return ends.sort(inOrder).at(-1);
  }
}

/** Of up to 24 messages: parents at random, some of them gone, some in circles, some of one time. */
function randomNodes(random: Xoshiro128): TreeNode[] {
  const below = (n: number) => random.next() % n;
  const size = 1 + below(24);
  return Array.from({ length: size }, (_, n) => {
    const parent = below(size + 2);
    return node(`m${n}`, parent === size ? null : `m${parent}`, below(12));
  });
}

it('is as the naive one in 150 random trees, damaged ones among them', () => {
  const random = Xoshiro128.of(7);
  for (let round = 0; round < 150; round++) {
    const nodes = randomNodes(random);
    const tree = new Tree(nodes);
    const naive = new Naive(nodes);
    for (const one of nodes) {
      expect(ids(tree.branch(one.id))).toEqual(ids(naive.branch(one)));
      expect(ids(tree.siblings(one.id))).toEqual(ids(naive.siblings(one)));
      expect(ids(tree.descendants(one.id)).sort()).toEqual(ids(naive.below(one)).sort());
      expect(tree.newestLeaf(one.id)).toBe(naive.newest(one));
    }
  }
});

it('takes 10,000 messages in one row, or of one parent, without running deep', () => {
  const row = Array.from({ length: 10_000 }, (_, n) => node(`${n}`, n ? `${n - 1}` : null, n));
  const long = new Tree(row);
  expect(long.branch('9999')).toHaveLength(10_000);
  expect(long.newestLeaf('0')?.id).toBe('9999');
  const circle = [node('0', '9999', 0), ...row.slice(1)];
  expect(new Tree(circle).branch('9999')).toHaveLength(10_000);
  const wide = new Tree(
    row.map(({ id, createdAt }) => node(id, createdAt ? '0' : null, createdAt)),
  );
  expect(wide.siblings('5000')).toHaveLength(9999);
  expect(wide.newestLeaf(null)?.id).toBe('9999');
});
