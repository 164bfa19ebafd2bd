import { describeMatch, type Match, matches, type WaitOptions } from "../../local/matching.ts";
import { until } from "../../local/until.ts";
import { closeView } from "../interact/close-view.ts";
import { type SubmitOutcome, submit } from "../interact/submit.ts";
import { recentTrouble } from "./message-list.ts";
import { ViewHandle } from "./view-handle.ts";

/** One open modal of one person. */
export class ModalHandle extends ViewHandle {
  get title(): string {
    return this.raw.wire.title.text;
  }

  get isOpen(): boolean {
    return this.world.views.stack(this.raw.userId).includes(this.raw);
  }

  get submitLabel(): string | undefined {
    return this.raw.wire.submit?.text;
  }

  /** What stands beside the inputs, by block_id. */
  get errors(): Readonly<Record<string, string>> {
    return this.raw.errors;
  }

  matches(match: Match<ModalHandle>): boolean {
    return matches(match, this, [this.title, this.text()]);
  }

  async submit(): Promise<SubmitOutcome> {
    this.#requireOpen();
    return submit(this.world, this.raw);
  }

  async close(): Promise<void> {
    this.#requireOpen();
    await closeView(this.world, this.raw);
  }

  /** Waits until this modal reads as wanted. */
  waitFor(match: Match<ModalHandle>, options: WaitOptions = {}): Promise<this> {
    return until({
      feed: this.world.feed,
      signal: this.world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.world.settings.waitTimeoutMs,
      look: () => {
        if (!this.isOpen) throw new Error(`the modal "${this.title}" is closed; it read:\n${this.text()}`);
        return this.matches(match) ? this : undefined;
      },
      wanted: `the modal "${this.title}" to match ${describeMatch(match)}`,
      present: () => [this.text(), ...recentTrouble(this.world)].join("\n"),
    });
  }

  #requireOpen(): void {
    if (!this.isOpen) throw new Error(`the modal "${this.title}" is closed`);
  }
}
