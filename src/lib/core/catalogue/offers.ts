/** What a family is on this device: the file that would be taken, and how it stands. */
import { ladder, type Ladder, type LadderOptions } from '#core/ladder';
import type { DeviceLimits } from '#core/paddock-api';
import type { Family, FamilyFile } from './families';

export interface Offer {
  family: Family;
  /** Null while the device is not measured. */
  ladder: Ladder | null;
  /** The one that the ladder picks; where it picks none, and before, the one that runs on most devices. */
  file: FamilyFile;
  /** `fits`: known to; `perhaps`: nobody can say beforehand. */
  standing: 'fits' | 'perhaps' | 'no';
}

export function offerOf(
  family: Family,
  device: DeviceLimits | null,
  options: LadderOptions,
): Offer {
  const found = device && ladder(family, device, options);
  const chosen = found?.chosen;
  const file = chosen?.file ?? family.files.find(({ format }) => format === 'gguf');
  return {
    family,
    ladder: found,
    file: file ?? family.files[0]!,
    standing: found && !chosen ? 'no' : standingOf(chosen?.fit?.verdict),
  };
}

function standingOf(verdict: string | undefined): Offer['standing'] {
  return verdict === 'fits' || verdict === 'smaller' ? 'fits' : 'perhaps';
}
