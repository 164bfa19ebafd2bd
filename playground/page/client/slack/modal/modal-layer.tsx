import type { VNode } from "preact";
import type { OpenView, Snapshot } from "../../../../slack/index.ts";
import { useFocusBelow } from "../../modal/use-modal-focus.ts";
import { Modal } from "./modal.tsx";

interface Props {
  readonly views: readonly OpenView[];
  readonly errors: Snapshot["errors"];
}

/** The form on top of the others, over one person's Slack. */
export function ModalLayer({ views, errors }: Props): VNode | null {
  const top = views.at(-1);
  useFocusBelow(top !== undefined);
  if (!top) return null;
  return (
    <div class="modal-layer">
      <Modal key={top.wire.id} view={top} isNested={views.length > 1} errors={errors} />
    </div>
  );
}
