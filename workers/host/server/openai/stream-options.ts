import { isObject } from '#core/is-object';
import { badRequest, flag, type Body } from '../body';

/** Whether a stream's last chunk tells the counts. @throws PaddockError `bad_request` */
export function readsUsage({ stream_options: options }: Body): boolean {
  if (options === undefined || options === null) return false;
  if (!isObject(options)) throw badRequest('"stream_options" must be an object');
  return flag(options, 'include_usage', false);
}
