import { noGpu, type MlcNeeds } from '#core/mlc/needs';
import type { MlcWishes } from '#core/pull-target';
import type { RegistryContext } from '../context';

/** @throws PaddockError `no_gpu` for what this device cannot run, unless it is wanted all the same */
export async function requireDevice(
  { adapter }: Pick<RegistryContext, 'adapter'>,
  needs: MlcNeeds,
  { force }: MlcWishes,
): Promise<void> {
  const lack = force ? null : noGpu(needs, await adapter());
  if (lack) throw lack;
}
