import { HostLink } from '$lib/client/host-link';

/** This tab's link to its host; opens at the first request. */
export const link = new HostLink();
