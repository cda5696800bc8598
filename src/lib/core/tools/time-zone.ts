import type { WallTime } from '#core/tools/date-text';
import { ToolError } from '#core/tools/tool';

/** What a wall's clock shows in `zone`, an IANA name, at `instant` (ms since the epoch), whole seconds. @throws ToolError */
export function wallTimeIn(zone: string, instant: number): WallTime {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const of = (name: Intl.DateTimeFormatPartTypes) => Number(parts.get(name));
  const ms = Date.UTC(
    of('year'),
    of('month') - 1,
    of('day'),
    of('hour'),
    of('minute'),
    of('second'),
  );
  return { ms, offset: ms - Math.floor(instant / 1000) * 1000, timed: true };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const two = '2-digit';
  try {
    return new Intl.DateTimeFormat('en-US', {
      ...{ timeZone: zone, hourCycle: 'h23', calendar: 'gregory', numberingSystem: 'latn' },
      ...{ year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
    });
  } catch {
    throw new ToolError(
      `"${zone.slice(0, 80)}" is no time zone. Write an IANA name, such as Europe/Berlin.`,
    );
  }
}
