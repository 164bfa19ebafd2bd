import type { ApiCall, EphemeralMessage, Message, Notification, OpenView, PersonError } from "./model.ts";

/** Everything that changes on a screen. Objects are live: copy what you keep. */
export type SlackChange =
  | { readonly kind: "message-posted"; readonly message: Message }
  | { readonly kind: "message-edited"; readonly message: Message }
  | { readonly kind: "message-deleted"; readonly message: Message }
  | { readonly kind: "ephemeral-posted"; readonly message: EphemeralMessage }
  | { readonly kind: "ephemeral-edited"; readonly message: EphemeralMessage }
  | { readonly kind: "ephemeral-deleted"; readonly message: EphemeralMessage }
  | { readonly kind: "view-opened"; readonly userId: string; readonly view: OpenView }
  | { readonly kind: "view-updated"; readonly userId: string; readonly view: OpenView }
  | { readonly kind: "view-closed"; readonly userId: string; readonly viewId: string }
  | { readonly kind: "home-published"; readonly userId: string; readonly view: OpenView }
  | { readonly kind: "notification"; readonly notification: Notification }
  | { readonly kind: "error"; readonly error: PersonError }
  | { readonly kind: "connections"; readonly count: number }
  | { readonly kind: "api-call"; readonly call: ApiCall };

export type ChangeListener = (change: SlackChange) => void;

/** The change feed. A listener that throws does not disturb the others; its error is thrown on the next tick. */
export class Feed {
  readonly #listeners = new Set<ChangeListener>();

  subscribe(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(change: SlackChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  close(): void {
    this.#listeners.clear();
  }
}
