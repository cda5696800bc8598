import type { Findings, PageFacts } from '#core/diagnosis/findings';
import { toWire, type WireError } from '#core/errors';
import type { DeviceReport } from '#core/paddock-api';
import { deviceReport, pageFacts, watchControl } from '$lib/client/device';
import { door } from './door.svelte';
import { boot } from './init.svelte';

/** What the Diagnostics page knows of this device. */
class Diagnosis {
  #report = $state.raw<DeviceReport | null>(null);
  #page = $state.raw<PageFacts | null>(null);
  #error = $state.raw<WireError | null>(null);
  #measuring = $state(false);
  #looks = 0;

  /** Null until the page has looked at itself. Without a report while the host has not answered. */
  get findings(): Findings | null {
    return this.#page && { report: this.#report, page: this.#page };
  }

  get hasReport() {
    return this.#report !== null;
  }

  /** Why the host's report could not be had; what was there before stays. */
  get error() {
    return this.#error;
  }

  get measuring() {
    return this.#measuring;
  }

  /** Reads what the page sees by itself, now and when it changes; returns what ends that. */
  watch(): () => void {
    void this.#look();
    return watchControl(() => void this.#look());
  }

  /** Asks the host too; `again` has it measure anew. */
  async measure(again = false) {
    if (this.#measuring) return;
    this.#measuring = true;
    this.#error = null;
    try {
      this.#report = await deviceReport(again);
    } catch (error) {
      this.#error = toWire(error);
    } finally {
      await this.#look();
      this.#measuring = false;
    }
  }

  async #look() {
    const look = ++this.#looks;
    const facts = await pageFacts();
    if (look < this.#looks) return; // it began before the service worker took over, and would say so last
    const denied = door.state.type === 'storage-denied' || boot.error?.code === 'storage_denied';
    this.#page = { ...facts, storage_denied: denied };
  }
}

export const diagnosis = new Diagnosis();
