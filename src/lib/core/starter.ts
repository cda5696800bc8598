/** The model that comes with the site. Nothing of it is fetched before somebody asks for it. */
export const STARTER = {
  name: 'smollm2:135m',
  title: 'SmolLM2 135M',
  /** Bytes of the weights. */
  size: 98_362_432,
  license: 'Apache-2.0',
} as const;

/** The name that people read; a model that Paddock does not know keeps its own. */
export function modelTitle(name: string): string {
  return name === STARTER.name ? STARTER.title : name;
}
