/** The bytes of parts or blobs together. */
export function totalSize(items: readonly { size: number }[]): number {
  return items.reduce((sum, { size }) => sum + size, 0);
}
