/** What people know a graphics adapter by; browsers tell more or less of it. */
export function adapterName(
  info: Pick<GPUAdapterInfo, 'description' | 'vendor' | 'architecture'>,
): string {
  return (
    info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed GPU'
  );
}
