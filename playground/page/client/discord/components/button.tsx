import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Component } from "../../../../discord/index.ts";
import { Icon } from "../../draw/icon.tsx";
import { linkTarget } from "../../text/link-target.ts";
import { useAct } from "../store/use-act.ts";
import { useMessageHost } from "./message-host.ts";

export type ButtonPart = Extract<Component, { type: 2 }>;

const styles = {
  1: "dc-button-primary",
  2: "dc-button-secondary",
  3: "dc-button-success",
  4: "dc-button-danger",
  5: "dc-button-secondary",
  6: "dc-button-primary",
} as const;

/** A button of a message. Three dots stand in it until the app has answered. */
export function Button({ button }: { button: ButtonPart }): VNode {
  const { channelId: channel, messageId: message } = useMessageHost();
  const act = useAct();
  const [isBusy, setBusy] = useState(false);
  if (button.style === 5) return <LinkButton button={button} />;
  const press = async (): Promise<void> => {
    if (isBusy) return;
    setBusy(true);
    await act({ type: "press", channel, message, button: button.custom_id ?? button.label ?? "" });
    setBusy(false);
  };
  return (
    <button
      type="button"
      class={`dc-button ${styles[button.style]}`}
      disabled={button.disabled === true}
      aria-busy={isBusy}
      onClick={() => void press()}
    >
      <span class={isBusy ? "dc-button-words dc-button-waiting" : "dc-button-words"}>
        <Words button={button} />
      </span>
      {isBusy && <Dots />}
    </button>
  );
}

function LinkButton({ button }: { button: ButtonPart }): VNode {
  const target = linkTarget(button.url ?? "");
  const inner = (
    <span class="dc-button-words">
      <Words button={button} />
      <Icon name="outward" size={14} />
    </span>
  );
  if (target.kind === "none" || button.disabled === true) {
    return <span class="dc-button dc-button-secondary dc-button-dead">{inner}</span>;
  }
  return (
    <a class="dc-button dc-button-secondary" href={target.href} target="_blank" rel="noopener noreferrer">
      {inner}
    </a>
  );
}

/** An emoji of a server has a picture that is not here; its name is. */
function Words({ button: { emoji, label } }: { button: ButtonPart }): VNode {
  const sign = emoji?.id ? `:${emoji.name}:` : emoji?.name;
  return (
    <>
      {sign && <span class="emoji">{sign}</span>}
      {label}
    </>
  );
}

/** Something is under way. */
export function Dots(): VNode {
  return (
    <span class="dc-dots" aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
  );
}
