// What the modules export: what the engine calls, and what tests and the benchmark call one by one.
export { call, next, plan, work } from './program';
export * from './matrices';
export { attendBlock, attendScratch, attendSpan, mergeSpans, placeQueries, recordBytes } from './attention';
export { loadRow, rowBytes, storeRow } from './cache';
export { addTo, rmsNorm, scale, siluMul } from './norm';
export { rope } from './rope';
export { turnRows } from './turn-rows';
