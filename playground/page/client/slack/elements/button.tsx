import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { ButtonElement } from "../../../../slack/blocks/elements.ts";
import { Spinner } from "../../draw/icon.tsx";
import { linkTarget } from "../../text/link-target.ts";
import { plainString } from "../text/text-object.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { elementKey } from "./element-key.ts";
import { type Spot, useHost } from "./host.ts";

const styles = { primary: "button-primary", danger: "button-danger", default: "" } as const;

/** A button of a message or view; a press while the one before is under way counts too, as in Slack. */
export function Button({ element, spot }: { element: ButtonElement; spot: Spot }): VNode {
  const host = useHost();
  const [isAsking, setAsking] = useState(false);
  const [underWay, setUnderWay] = useState(0);
  const press = async (): Promise<void> => {
    setUnderWay((count) => count + 1);
    const button = elementKey(host.blocks, spot, element.text.text);
    await host.act({ type: "click", ...host.place, button, ...(element.confirm ? { confirm: true } : {}) });
    setUnderWay((count) => count - 1);
  };
  const answer = (isConfirmed: boolean): void => {
    setAsking(false);
    if (isConfirmed) void press();
  };
  const begin = (): void => {
    openLink(element.url);
    if (element.confirm) setAsking(true);
    else void press();
  };
  return (
    <>
      <button
        type="button"
        class={`button ${styles[element.style ?? "default"]}`}
        aria-label={element.accessibility_label}
        aria-busy={underWay > 0}
        onClick={begin}
      >
        {underWay > 0 && <Spinner size={14} />}
        {plainString(element.text)}
      </button>
      {isAsking && element.confirm && <ConfirmDialog confirm={element.confirm} onAnswer={answer} />}
    </>
  );
}

function openLink(url: string | undefined): void {
  const target = linkTarget(url ?? "");
  if (target.kind !== "none") window.open(target.href, "_blank", "noopener,noreferrer");
}
