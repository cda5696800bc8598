/** Lists the models of an Ollama store: of its files, the manifests alone are read. */
import { digestHex, digestOf, parseDigest, type Digest } from '#core/digest';
import { MAX_MANIFEST, planModel, type OllamaStore } from '#core/ollama-store';
import type { DiskEntry } from '$lib/client/disk-entries';
import type { DiskModelOptions, DiskPart } from './disk-model.svelte';

/** @param installed names, and digests of their manifests in hexadecimal */
export async function readStore(
  store: OllamaStore,
  entries: DiskEntry[],
  installed: { name: string; digest: string }[],
): Promise<DiskModelOptions[]> {
  const opens = new Map(entries.map(({ path, open }) => [path, open]));
  const here = new Map(installed.map(({ name, digest }) => [name, digest]));
  const sizes = new Map<Digest, number>();
  const taken = new Set<string>();
  const models: DiskModelOptions[] = [];
  for (const stored of store.manifests) {
    const file = await opens.get(stored.path)!();
    const text = file.size > MAX_MANIFEST ? '' : await file.text();
    for (const digest of digestsIn(text)) {
      const path = store.blobs.get(digest);
      if (path !== undefined && !sizes.has(digest)) {
        sizes.set(digest, (await opens.get(path)!()).size);
      }
    }
    const plan = planModel(stored, text, (digest) => sizes.get(digest), taken);
    const { name, problem, unknown } = plan;
    const parts = plan.blobs.map(({ digest, size }): DiskPart => {
      const path = store.blobs.get(digest) ?? '';
      return { path, size, open: opens.get(path)!, kind: 'model', digest };
    });
    const own = digestHex(await digestOf(new TextEncoder().encode(text)));
    const same = problem === null && here.get(name) === own;
    models.push({
      key: `store ${stored.path}`,
      name,
      parts,
      manifest: text,
      problem: same ? { type: 'here' } : problem,
      unknown,
    });
  }
  return models;
}

/** Of a text that may be no manifest. */
function digestsIn(text: string): Digest[] {
  const found = text.match(/sha256[:-][0-9a-f]{64}/gi) ?? [];
  return found.map(parseDigest).filter((digest) => digest !== null);
}
