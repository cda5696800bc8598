/** Prompts that a small model does well: writing and rewording, not facts. */
export const EXAMPLES = [
  'Write a haiku about a quiet harbour',
  'Suggest three names for a bakery',
  'Reword politely: give me the file now',
  'Explain what a cache is to a child',
];
