import { describeMatch, type Match, matches, type WaitOptions } from "../../local/matching.ts";
import { until } from "../../local/until.ts";
import type { Label } from "../components/component.ts";
import { closeModal, enterInModal } from "../interact/enter-in-modal.ts";
import { findField, type ShownOption, shownOptions } from "../interact/find-component.ts";
import type { ClickOutcome } from "../interact/press-button.ts";
import { submitModal } from "../interact/submit-modal.ts";
import type { EnteredValue, OpenModal } from "../model.ts";
import { namesFrom } from "../render/names.ts";
import { renderModal } from "../render/render-modal.ts";
import type { World } from "../world.ts";
import { recentTrouble } from "./recent-trouble.ts";

/** One modal of one person. Fields are named by custom_id or label. */
export class ModalHandle {
  readonly raw: OpenModal;
  readonly #world: World;

  constructor(world: World, raw: OpenModal) {
    this.#world = world;
    this.raw = raw;
  }

  get id(): string {
    return this.raw.id;
  }

  get title(): string {
    return this.raw.title;
  }

  get isOpen(): boolean {
    return this.#world.modals.isOpen(this.raw);
  }

  /** What a person reads, with what is entered so far. */
  text(): string {
    return renderModal(this.raw, namesFrom(this.#world.directory));
  }

  /** The labels of its fields, in order. */
  labels(): string[] {
    return this.raw.components
      .filter((component): component is Label => component.type === 18)
      .map(({ label }) => label);
  }

  /** The options a select, radio group or checkbox group shows. */
  options(field: string): ShownOption[] {
    return shownOptions(findField(this.raw.components, field).field);
  }

  /** What is entered in a field. */
  value(field: string): EnteredValue {
    const { customId } = findField(this.raw.components, field);
    return this.raw.values[customId] ?? null;
  }

  /** Chooses by label or value, types a text, or ticks a checkbox. @throws Error when the client would not let one */
  async choose(field: string, value: EnteredValue): Promise<void> {
    this.#requireOpen();
    enterInModal(this.#world, this.raw, { field, value });
  }

  /** Types into a text input. */
  type(field: string, text: string): Promise<void> {
    return this.choose(field, text);
  }

  /** @throws Error when something required is missing, as the client does not send it then */
  async submit(): Promise<ClickOutcome> {
    this.#requireOpen();
    return submitModal(this.#world, this.raw);
  }

  /** The app hears nothing of it. */
  async close(): Promise<void> {
    this.#requireOpen();
    closeModal(this.#world, this.raw);
  }

  matches(match: Match<ModalHandle>): boolean {
    return matches(match, this, [this.title, this.text()]);
  }

  /** Waits until this modal reads as wanted. */
  waitFor(match: Match<ModalHandle>, options: WaitOptions = {}): Promise<this> {
    return until({
      feed: this.#world.feed,
      signal: this.#world.closing.signal,
      timeoutMs: options.timeoutMs ?? this.#world.settings.waitTimeoutMs,
      look: () => {
        if (!this.isOpen) throw new Error(`the modal "${this.title}" is closed; it read:\n${this.text()}`);
        return this.matches(match) ? this : undefined;
      },
      wanted: `the modal "${this.title}" to match ${describeMatch(match)}`,
      present: () => [this.text(), ...recentTrouble(this.#world)].join("\n"),
    });
  }

  #requireOpen(): void {
    if (!this.isOpen) throw new Error(`the modal "${this.title}" is closed`);
  }
}
