import type { FileSummary } from '#core/exchange/read-file';
import { importFile, looksLikeBackup, noCounts, surveyFile, type Counts } from './import-file';
import { Job } from './job.svelte';

/** What came of one file. */
export interface Brought {
  file: string;
  counts: Counts;
  /** Null where the work was stopped, or failed. */
  summary: FileSummary | null;
}

/** A file on its way into this device; it goes on while other pages are open. */
class BringIn {
  readonly job = new Job();
  #asking = $state.raw<{ file: File; counts: Counts } | null>(null);
  #brought = $state.raw<Brought | null>(null);

  /** A backup that was looked through, and waits for a yes. */
  get asking() {
    return this.#asking;
  }

  /** What came of the last one. */
  get brought() {
    return this.#brought;
  }

  /** Reads `file`; what a backup holds is said first. */
  async take(file: File): Promise<void> {
    if (this.job.running) return;
    this.#asking = this.#brought = null;
    const survey = await this.job.run(async (work) =>
      (await looksLikeBackup(file, work.signal)) ? await surveyFile(file, work) : 'chats',
    );
    if (survey === 'chats') await this.#write(file);
    else if (survey) this.#asking = { file, counts: survey };
  }

  /** The answer to `asking`. */
  async answer(yes: boolean): Promise<void> {
    const asked = this.#asking;
    this.#asking = null;
    if (asked && yes) await this.#write(asked.file);
  }

  async #write(file: File): Promise<void> {
    const counts = noCounts();
    const summary = await this.job.run((work) => importFile(file, counts, work));
    this.#brought = { file: file.name, counts, summary };
  }
}

export const bringIn = new BringIn();
