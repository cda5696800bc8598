/** The files of the weights: one, or the parts of a model, which are read as one file. */
import { openReader, type WeightsReader } from './reader';

/** Where one of them lies; can be sent to another worker. */
export interface WeightsFile {
  blob: Blob;
  handle: FileSystemFileHandle | undefined;
}

export function openReaders(files: readonly WeightsFile[]): Promise<WeightsReader[]> {
  return Promise.all(files.map(({ blob, handle }) => openReader(blob, handle)));
}

/** Each file begins where the one before it ends; no read may cross a border, and no tensor does. */
export function joinReaders(readers: readonly WeightsReader[]): WeightsReader {
  if (readers.length === 1) return readers[0]!;
  const starts: number[] = [];
  let size = 0;
  for (const reader of readers) {
    starts.push(size);
    size += reader.size;
  }
  const at = (offset: number) => {
    const index = starts.findLastIndex((start) => start <= offset);
    return { reader: readers[index]!, within: offset - starts[index]! };
  };
  return {
    size,
    read(target, offset) {
      const { reader, within } = at(offset);
      reader.read(target, within);
    },
    bytes(offset, length) {
      const { reader, within } = at(offset);
      return reader.bytes(within, length);
    },
    close() {
      for (const reader of readers) reader.close();
    },
  };
}
