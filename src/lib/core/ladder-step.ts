/** A step of the ladder: a file on an engine, and what is in the way. */
import type { FamilyFile } from '#core/catalogue/families';
import type { Backend } from '#core/engine';
import type { Fit } from '#core/fit';
import type { Lack } from '#core/mlc/needs';
import type { UsableEngine } from '#core/paddock-api';

/** What keeps a file from an engine. */
export type Obstacle =
  | { kind: 'lack'; lack: Lack } // the adapter has not what the engine needs
  | { kind: 'fit' } // memory or storage
  | { kind: 'slow' } // a software adapter
  | { kind: 'tight' } // more than half of a small device's memory
  | { kind: 'capability'; capability: string }; // this file lacks what is asked for

/** A file on an engine. */
export interface Step {
  file: FamilyFile;
  engine: UsableEngine['engine'];
  backend: Backend;
  fit: Fit | null;
  obstacle: Obstacle | null;
  /** What the engine leaves out. */
  note?: string;
}
