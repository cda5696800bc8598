/** How a chosen token becomes the next one to be evaluated. */

export const ADVANCE = `
/** Puts \`token\` behind those of the last run, and makes it the next run. */
fn advance(token: u32) {
  let position = state.position + state.tokens;
  history[position] = token;
  state.position = position;
  state.tokens = 1u;
  state.row = 0u;
  state.step += 1u;
}`;
