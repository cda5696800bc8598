/** Where the blobs are: files, records, or (in tests) nowhere that lasts. */
export type StoreKind = 'opfs' | 'indexeddb' | 'memory';
