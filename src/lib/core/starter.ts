/** The model that comes with the site. Nothing of it is fetched before somebody asks for it. */
import { formatBytes } from '#core/format';

export interface Starter {
  /** As the site's registry has it. */
  name: string;
  /** As people read it. */
  title: string;
  /** Bytes of the weights. */
  size: number;
  /** Its short name; empty when it is not known. */
  license: string;
  /** What to expect of it, in a sentence. */
  about: string;
  /** The site's registry has no other model. */
  alone: boolean;
}

/** Of a model with some hundred million parameters. */
export const VERY_SMALL =
  'A very small model: it writes short answers and rewords text, and is often wrong on facts.';

/** A demo's own model (scripts/demo.ts); vite.config.ts defines it, tests and scripts have not even the name. */
declare const __PADDOCK_STARTER__: Starter | undefined;

export const STARTER: Starter =
  typeof __PADDOCK_STARTER__ === 'object'
    ? __PADDOCK_STARTER__
    : {
        name: 'smollm2:135m',
        title: 'SmolLM2 135M',
        size: 98_362_432,
        license: 'Apache-2.0',
        about: VERY_SMALL,
        alone: false,
      };

/** `98 MB, Apache-2.0`. */
export const STARTER_FACTS = [formatBytes(STARTER.size), STARTER.license]
  .filter(Boolean)
  .join(', ');

/** The name that people read; a model that Paddock does not know keeps its own. */
export function modelTitle(name: string): string {
  return name === STARTER.name ? STARTER.title : name;
}
