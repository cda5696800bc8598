/** A line of the Diagnostics page, and what its writers share. */
import * as m from '#core/messages/diagnostics';
import type { Measurement } from '#core/paddock-api';
import type { Findings, Lack } from './findings';

export interface Line {
  label: string;
  value: string;
  /** For models, in plain words. */
  meaning?: string;
  /** What to do about it; only where something is missing. */
  remedy?: string;
}

/** Turns a line into one with its remedy, where one of `which` is missing here. */
export type WithRemedy = (line: Line, ...which: Lack[]) => Line;

export function yesNo(value: boolean): string {
  return value ? m.diagnostics_yes() : m.diagnostics_no();
}

/** `not measured: …` where it failed, else `value`. */
export function unlessFailed(
  { report }: Findings,
  measurement: Measurement,
  value: () => string,
): string {
  const why = report?.failed[measurement];
  return why === undefined ? value() : m.diagnostics_unmeasured({ why });
}
