import type { VNode } from "preact";
import type { OpenModal } from "../../../../discord/index.ts";
import { useFocusBelow } from "../../modal/use-modal-focus.ts";
import { Modal } from "./modal.tsx";

/** The form on top, over one person's Discord. */
export function ModalLayer({ modals }: { modals: readonly OpenModal[] }): VNode | null {
  const top = modals.at(-1);
  useFocusBelow(top !== undefined);
  if (!top) return null;
  return (
    <div class="modal-layer dc-modal-layer">
      <Modal key={top.id} modal={top} />
    </div>
  );
}
