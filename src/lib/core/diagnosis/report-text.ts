/** The whole report as text, to paste into a message. It names no chat and no model. */
import { formatCount } from '#core/format';
import type { Findings } from './findings';
import { groupsOf } from './groups';
import type { Line } from './line';
import { verdict } from './verdict';

export function reportText(findings: Findings): string {
  const adapter = findings.report?.webgpu.adapter;
  const parts = groupsOf(findings).map(
    ({ title, lines }) => `## ${title}\n\n${lines.map(lineText).join('\n')}`,
  );
  if (adapter) {
    const limits = Object.entries(adapter.limits).map(
      ([name, value]) => `- ${name}: ${formatCount(value)}`,
    );
    parts.push(`## Features of the adapter\n\n${adapter.features.join(', ') || 'none'}`);
    parts.push(`## Limits of the adapter\n\n${limits.join('\n')}`);
  }
  return `# Paddock diagnostics\n\n${verdict(findings)}\n\n${parts.join('\n\n')}\n`;
}

function lineText({ label, value, remedy }: Line): string {
  return remedy === undefined ? `- ${label}: ${value}` : `- ${label}: ${value}\n  - ${remedy}`;
}
