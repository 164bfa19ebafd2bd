import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { InteractiveElement } from "../../../../slack/blocks/elements.ts";
import { Icon } from "../../draw/icon.tsx";
import { plainString } from "../text/text-object.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import type { Spot } from "./host.ts";
import { useEntry } from "./use-entry.ts";

type OverflowElement = Extract<InteractiveElement, { type: "overflow" }>;

/** The three dots with a few more things to do. */
export function OverflowMenu({ element, spot }: { element: OverflowElement; spot: Spot }): VNode {
  const { enter } = useEntry(spot);
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<string | null>(null);
  const pick = (value: string): void => {
    setOpen(false);
    if (element.confirm) setAsked(value);
    else void enter(value);
  };
  const answer = (isConfirmed: boolean): void => {
    if (isConfirmed && asked !== null) void enter(asked);
    setAsked(null);
  };
  return (
    <div class="overflow" onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <button
        type="button"
        class="button button-icon"
        aria-label="More actions"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="more" />
      </button>
      {isOpen && <Items element={element} onPick={pick} />}
      {asked !== null && element.confirm && <ConfirmDialog confirm={element.confirm} onAnswer={answer} />}
    </div>
  );
}

function Items({ element, onPick }: { element: OverflowElement; onPick: (value: string) => void }): VNode {
  return (
    <div class="overflow-menu" role="menu">
      {element.options.map(({ value, text }) => (
        <button key={value} type="button" role="menuitem" class="overflow-item" onClick={() => onPick(value)}>
          {plainString(text)}
        </button>
      ))}
    </div>
  );
}
