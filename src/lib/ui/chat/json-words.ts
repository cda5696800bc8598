import type { JsonVerdict } from '#core/json-check';

/** What is said under a reply that was to be JSON. */
export function verdictWords(verdict: JsonVerdict): string {
  switch (verdict.state) {
    case 'valid':
      return verdict.schema ? 'Valid against the schema.' : 'Valid JSON.';
    case 'incomplete':
      return 'The JSON is not complete.';
    case 'no_json':
      return `The reply is not JSON: ${verdict.reason}`;
    case 'unchecked':
      return `The reply could not be checked against the schema: ${verdict.reason}`;
    case 'invalid':
      return verdict.count === 1
        ? 'Not valid against the schema, in 1 place:'
        : `Not valid against the schema, in ${verdict.count} places:`;
  }
}
