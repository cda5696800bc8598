/** Messages as a tree: each follows another, and those of one parent are each other's versions. */

export interface TreeNode {
  readonly id: string;
  /** Null: it begins the conversation. */
  readonly parentId: string | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/**
 * Loses no message, whatever a disk or a file says: one whose parent is not there begins a conversation, and so does
 * the earliest of those that follow each other in a circle.
 */
export class Tree<T extends TreeNode> {
  readonly #nodes = new Map<string, T>();
  /** Without what leads nowhere or back. */
  readonly #parents = new Map<string, string>();
  readonly #children = new Map<string | null, T[]>();

  /** In time linear in the messages, where they come in order. */
  constructor(nodes: readonly T[]) {
    const ordered = [...nodes].sort(inOrder);
    for (const node of ordered) this.#nodes.set(node.id, node);
    this.#findParents(ordered);
    for (const node of ordered) {
      const parent = this.#parents.get(node.id) ?? null;
      const siblings = this.#children.get(parent);
      if (siblings) siblings.push(node);
      else this.#children.set(parent, [node]);
    }
  }

  get(id: string): T | undefined {
    return this.#nodes.get(id);
  }

  parent(id: string): T | undefined {
    return this.#nodes.get(this.#parents.get(id) ?? '');
  }

  /** From the first message to this one; empty for one that is not there. */
  branch(id: string | null): T[] {
    const path: T[] = [];
    for (let node = this.#nodes.get(id ?? ''); node; node = this.parent(node.id)) path.push(node);
    return path.reverse();
  }

  /** The versions of a message, itself among them, the earliest first. */
  siblings(id: string): readonly T[] {
    if (!this.#nodes.has(id)) return [];
    return this.#children.get(this.#parents.get(id) ?? null) ?? [];
  }

  /** All that follow a message, in whatever branch, each behind its parent. */
  descendants(id: string | null): T[] {
    const found = [...(this.#children.get(id) ?? [])];
    // It grows while it is read.
    for (const { id: next } of found) {
      for (const child of this.#children.get(next) ?? []) found.push(child);
    }
    return found;
  }

  /** The last written of those that nothing follows, of this message and what follows it; null: of all. */
  newestLeaf(id: string | null): T | undefined {
    const own = this.#nodes.get(id ?? '');
    const leaves = [...(own ? [own] : []), ...this.descendants(id)].filter(
      (node) => !this.#children.has(node.id),
    );
    return leaves.reduce<T | undefined>(
      (newest, leaf) => (newest && inOrder(newest, leaf) > 0 ? newest : leaf),
      undefined,
    );
  }

  #findParents(ordered: readonly T[]) {
    const settled = new Set<string>();
    for (const start of ordered) {
      const path = new Set<T>();
      let node: T | undefined = start;
      while (node && !settled.has(node.id) && !path.has(node)) {
        path.add(node);
        node = this.#nodes.get(node.parentId ?? '');
      }
      const circle = node && path.has(node) ? [...path].slice([...path].indexOf(node)) : [];
      const first = circle.sort(inOrder)[0];
      for (const one of path) {
        settled.add(one.id);
        const { parentId } = one;
        if (parentId !== null && one !== first && this.#nodes.has(parentId)) {
          this.#parents.set(one.id, parentId);
        }
      }
    }
  }
}

/** As storage has them: by time, then by id. */
export function inOrder(a: TreeNode, b: TreeNode): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Those whose ids are not among these. */
export function without<T extends { readonly id: string }>(
  nodes: readonly T[],
  ids: string[],
): T[] {
  const gone = new Set(ids);
  return nodes.filter(({ id }) => !gone.has(id));
}
