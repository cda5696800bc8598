/** What people know a graphics adapter by; browsers tell more or less of it. */
export function adapterName(
  info: Pick<GPUAdapterInfo, 'description' | 'vendor' | 'architecture'>,
): string {
  return (
    info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'unnamed GPU'
  );
}

/** Programs that play a graphics adapter on the processor, in what browsers tell of it. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** True where the processor plays the adapter; browsers mark it, or name the program that does it. */
export function isSoftware(info: GPUAdapterInfo): boolean {
  const { isFallbackAdapter, architecture, device, description } = info;
  return isFallbackAdapter || isSoftwareName(`${architecture} ${device} ${description}`);
}

/** The same by the name alone, as `adapterName` has it. */
export function isSoftwareName(name: string): boolean {
  return SOFTWARE.test(name);
}
