/** Which of a listed model's libraries a pull takes. */
import { expect, it } from 'vitest';
import { chosenLibrary, libraryUrl, MLC, mlcModel } from '#core/catalogue/mlc';

it.each(['s', 'm'])('of an embedding model, the one with the least memory: %s', (size) => {
  const model = mlcModel(`mlc-ai/snowflake-arctic-embed-${size}-q0f32-MLC`)!;
  expect(chosenLibrary(model)).toMatch(/batch4-webgpu\.wasm$/);
});

it('of every other, one for the largest context', () => {
  for (const model of MLC.models.filter(({ type }) => type !== 'embedding')) {
    const most = Math.max(...model.variants.map(({ context }) => context!));
    const there = model.variants.filter(({ context }) => context === most).map(libraryUrl);
    expect(there).toContain(chosenLibrary(model));
  }
});
