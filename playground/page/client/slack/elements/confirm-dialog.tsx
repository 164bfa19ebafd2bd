import type { VNode } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { ButtonElement } from "../../../../slack/blocks/elements.ts";
import { plainString, TextView } from "../text/text-object.tsx";

type Confirm = NonNullable<ButtonElement["confirm"]>;

interface Props {
  readonly confirm: Confirm;
  readonly onAnswer: (isConfirmed: boolean) => void;
}

/** Asks once more. Escape is a no; the browser keeps the focus inside and gives it back afterwards. */
export function ConfirmDialog({ confirm, onAnswer }: Props): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const title = confirm.title ? plainString(confirm.title) : "Are you sure?";
  return (
    <dialog
      ref={dialog}
      class="confirm"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <h2 class="confirm-title" id={`${id}-title`}>
        {title}
      </h2>
      <div class="confirm-text" id={`${id}-text`}>
        <TextView text={confirm.text} />
      </div>
      <Answers confirm={confirm} onAnswer={onAnswer} />
    </dialog>
  );
}

function Answers({ confirm, onAnswer }: Props): VNode {
  const style = confirm.style === "danger" ? "button-danger-solid" : "button-primary-solid";
  return (
    <div class="confirm-answers">
      <button type="button" class="button" onClick={() => onAnswer(false)}>
        {confirm.deny ? plainString(confirm.deny) : "Cancel"}
      </button>
      <button type="button" class={`button ${style}`} onClick={() => onAnswer(true)}>
        {confirm.confirm ? plainString(confirm.confirm) : "OK"}
      </button>
    </div>
  );
}
