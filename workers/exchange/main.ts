/** Lives for one file that is read or packed: what that takes must not hold the page. */
import { serve } from '#core/callee';
import type { ExchangeMethods } from '#core/exchange/methods';
import { isBackup, readFile } from '#core/exchange/read-file';
import { ZipWriter } from '#core/exchange/zip-write';

let zip: ZipWriter | undefined;

serve<ExchangeMethods>(self, {
  read: ({ file }, { send }) => readFile(file, (event) => send(event)),
  isBackup: ({ file }) => isBackup(file),
  async pack({ path, data }) {
    zip ??= new ZipWriter();
    zip.add(path, data);
  },
  async finish() {
    zip ??= new ZipWriter();
    return zip.finish();
  },
});
