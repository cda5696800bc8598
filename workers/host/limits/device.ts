/** The device report as the host answers it: put together once, and again when somebody asks for that. */
import type { InspectedDevice } from '#core/methods';
import type { DeviceReport } from '#core/paddock-api';
import type { BlobStore } from '#store/blob-store';
import { browserEstimate, type Estimate } from '#store/storage-error';
import { whatWentWrong } from '#core/ask-adapter';
import { callWorker } from './call-worker';
import type { Limits } from './limits';

export interface DeviceSources {
  limits: Pick<Limits, 'detailed'>;
  store: Pick<BlobStore, 'kind' | 'reason'>;
  versions: DeviceReport['versions'];
  timestamp(): string;
  inspect?(): Promise<InspectedDevice>;
  estimate?: Estimate;
}

/** A function that answers the report; `again` measures anew. @throws PaddockError `internal` */
export function deviceReader({
  limits,
  store: { kind, reason },
  versions,
  timestamp,
  inspect = () => callWorker('inspect', null),
  estimate = browserEstimate,
}: DeviceSources): (again: boolean) => Promise<DeviceReport> {
  let known: Promise<Omit<DeviceReport, 'free_storage' | 'storage'> & Kept> | undefined;
  return async (again) => {
    if (!known || again) {
      const asked = measured(again);
      known = asked;
      asked.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    const { persisted, ...report } = await known;
    return { ...report, ...(await storage(persisted, report.failed)) };
  };

  async function measured(again: boolean) {
    // One after the other: a contest beside another measurement would be unfair.
    const { limits: found, failed } = await limits.detailed(again);
    const inspected = await inspect();
    return {
      ...found,
      ...inspected,
      measured_at: timestamp(),
      versions,
      failed: { ...failed, ...inspected.failed },
    };
  }

  /** Each time: a download changes it. */
  async function storage(persisted: boolean | null, failed: DeviceReport['failed']) {
    const place = { kind, ...(reason && { reason }), persisted };
    try {
      const { quota = null, usage = null } = await estimate();
      const free_storage = quota === null ? null : Math.max(0, quota - (usage ?? 0));
      return { free_storage, storage: { ...place, quota, usage } };
    } catch (error) {
      return {
        free_storage: null,
        storage: { ...place, quota: null, usage: null },
        failed: { ...failed, storage: whatWentWrong(error) },
      };
    }
  }
}

interface Kept {
  persisted: boolean | null;
}
