/** What a command opens above the page. */
export type Overlay =
  | 'export'
  | 'palette'
  | 'prompts'
  | 'rename'
  | 'setup'
  | 'shortcuts'
  | 'statistics'
  | 'trash'
  | 'votes';

class Overlays {
  /** One at a time. */
  open = $state<Overlay | null>(null);
  /** The sidebar as a narrow page has it. */
  drawer = $state(false);
  /** The field of the search is wanted: the list that has it may have to come first. */
  searching = $state(false);
}

export const overlays = new Overlays();
