/** What a pull is asked for: a model's name, or the address of a file. */
import type { ModelName } from '#core/names';

export interface PullTarget {
  /** What the model is called here. */
  name: ModelName;
  /** The file itself, where it is not looked up by its name. */
  url?: string;
  /** Plain HTTP is good enough: for registries on this computer. */
  insecure?: boolean;
}
