/** The whole report as text, to paste into a message. It names no chat and no model. */
import * as m from '#core/messages/diagnostics';
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
    parts.push(
      `## ${m.diagnostics_report_features()}\n\n${adapter.features.join(', ') || m.diagnostics_report_none()}`,
    );
    parts.push(`## ${m.diagnostics_report_limits()}\n\n${limits.join('\n')}`);
  }
  return `# ${m.diagnostics_report()}\n\n${verdict(findings)}\n\n${parts.join('\n\n')}\n`;
}

function lineText({ label, value, remedy }: Line): string {
  return remedy === undefined ? `- ${label}: ${value}` : `- ${label}: ${value}\n  - ${remedy}`;
}
