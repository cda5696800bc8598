/** Whether objects and lists stand one in the other more than `most` deep; without recursion, which has an end too. */
export function isDeeper(value: unknown, most: number): boolean {
  const waiting: [unknown, number][] = [[value, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [one, depth] = next;
    if (typeof one !== 'object' || one === null) continue;
    if (depth === most) return true;
    for (const inner of Object.values(one)) {
      if (typeof inner === 'object' && inner !== null) waiting.push([inner, depth + 1]);
    }
  }
  return false;
}
