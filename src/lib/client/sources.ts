/** Other hosts that models come from: their tokens and the hub's mirror. */
import type { HubSetting, TokenHosts } from '#core/paddock-api';
import { getJson, postJson } from '$lib/client/ask-host';

const TOKENS = 'api/paddock/tokens';
const HUB = 'api/paddock/hub';

/** Hosts for which there is a token; the tokens themselves never come back. */
export async function tokenHosts(): Promise<string[]> {
  return (await getJson<TokenHosts>(TOKENS)).hosts;
}

/** Keeps the token for requests to `host` alone; null forgets it. The hosts that have one now. */
export async function setToken(host: string, token: string | null): Promise<string[]> {
  return (await postJson<TokenHosts>(TOKENS, { host, token })).hosts;
}

/** The address that stands in for the hub; null: nothing. */
export async function hubMirror(): Promise<string | null> {
  return (await getJson<HubSetting>(HUB)).mirror;
}

/** Null: the hub itself. What is kept, perhaps without its last slash. */
export async function setHubMirror(mirror: string | null): Promise<string | null> {
  return (await postJson<HubSetting>(HUB, { mirror })).mirror;
}
