import type { Feed } from "../feed.ts";
import type { EnteredValue, OpenModal } from "../model.ts";

/** Modals on people's screens. */
export class Modals {
  /** By user id, the topmost last. */
  readonly open = new Map<string, OpenModal[]>();
  readonly #feed: Feed;

  constructor(feed: Feed) {
    this.#feed = feed;
  }

  of(userId: string): readonly OpenModal[] {
    return this.open.get(userId) ?? [];
  }

  find(id: string): OpenModal | undefined {
    return [...this.open.values()].flat().find((modal) => modal.id === id);
  }

  isOpen(modal: OpenModal): boolean {
    return this.of(modal.userId).includes(modal);
  }

  show(modal: OpenModal): void {
    this.open.set(modal.userId, [...this.of(modal.userId), modal]);
    this.#feed.emit({ kind: "modal-opened", modal });
  }

  enter(modal: OpenModal, customId: string, value: EnteredValue): void {
    modal.values = { ...modal.values, [customId]: value };
    this.#feed.emit({ kind: "modal-updated", modal });
  }

  mark(modal: OpenModal, state: OpenModal["state"]): void {
    modal.state = state;
    this.#feed.emit({ kind: "modal-updated", modal });
  }

  close(modal: OpenModal): void {
    this.open.set(
      modal.userId,
      this.of(modal.userId).filter((other) => other !== modal),
    );
    this.#feed.emit({ kind: "modal-closed", modal });
  }
}
