/** At most `most` of these names in a sentence, and how many more there are. */
export function listed(names: readonly string[], most: number, [joint, last] = [', ', ' and ']) {
  const rest = names.length - most;
  return names.slice(0, most).join(joint) + (rest > 0 ? `${last}${rest} more` : '');
}
