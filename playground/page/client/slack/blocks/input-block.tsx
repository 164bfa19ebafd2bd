import type { VNode } from "preact";
import { useId } from "preact/hooks";
import type { Block } from "../../../../slack/blocks/block.ts";
import { Icon } from "../../draw/icon.tsx";
import { ElementView } from "../elements/element-view.tsx";
import { useHost } from "../elements/host.ts";
import { plainString } from "../text/text-object.tsx";

/** A labelled field with its hint and, after a refused submission, what is wrong with it. */
export function InputBlock({ block }: { block: Extract<Block, { type: "input" }> }): VNode {
  const id = useId();
  const error = useHost().errors[block.block_id ?? ""];
  const label = plainString(block.label);
  return (
    <div class={error === undefined ? "block block-input" : "block block-input block-input-wrong"}>
      <div class="input-label">
        {label}
        {block.optional === true && <span class="input-optional"> (optional)</span>}
      </div>
      <ElementView
        element={block.element}
        blockId={block.block_id ?? ""}
        label={label}
        describedBy={`${id}-hint ${id}-error`}
        dispatches={block.dispatch_action === true}
      />
      <div class="input-error" id={`${id}-error`} role={error === undefined ? undefined : "alert"}>
        {error !== undefined && (
          <>
            <Icon name="alert" size={14} /> {error}
          </>
        )}
      </div>
      {block.hint && (
        <div class="input-hint" id={`${id}-hint`}>
          {plainString(block.hint)}
        </div>
      )}
    </div>
  );
}
