import type { VNode } from "preact";
import { useId, useRef } from "preact/hooks";
import type { OpenModal } from "../../../../discord/index.ts";
import { GodwitPicture } from "../../draw/godwit-picture.tsx";
import { Icon } from "../../draw/icon.tsx";
import { useModalFocus } from "../../modal/use-modal-focus.ts";
import { Dots } from "../components/button.tsx";
import { useAct } from "../store/use-act.ts";
import { FormParts } from "./form-parts.tsx";
import { useForm } from "./use-form.ts";

/** A form of the app. It does not change while it is open; what is missing is said before it is sent. */
export function Modal({ modal }: { modal: OpenModal }): VNode {
  const act = useAct();
  const form = useForm(modal);
  const dialog = useRef<HTMLDivElement>(null);
  const id = useId();
  useModalFocus(dialog, { drawn: modal, errors: form.errors });
  const close = (): void => {
    form.forget();
    void act({ type: "close", modal: modal.id });
  };
  return (
    <div
      ref={dialog}
      class="modal dc-modal"
      role="dialog"
      aria-labelledby={`${id}-title`}
      tabIndex={-1}
      onKeyDown={(event) => handleKey(event, { close, submit: form.submit })}
    >
      <Header id={`${id}-title`} title={modal.title} onClose={close} />
      <div class="modal-body dc-modal-body" tabIndex={0} role="region" aria-label="Form">
        <p class="dc-modal-note">
          <Icon name="info" size={16} /> This form will be submitted to <strong>Godwit</strong>. Do not share
          passwords or other sensitive information.
        </p>
        {modal.state === "failed" && (
          <p class="dc-modal-failed" role="alert">
            <Icon name="alert" size={16} /> Something went wrong. Try again.
          </p>
        )}
        <FormParts modal={modal} form={form} />
      </div>
      <Footer isSending={form.isSending} onClose={close} onSubmit={form.submit} />
    </div>
  );
}

interface HeaderProps {
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
}

function Header({ id, title, onClose }: HeaderProps): VNode {
  return (
    <header class="dc-modal-header">
      <GodwitPicture size={40} />
      <h2 class="dc-modal-title" id={id}>
        {title}
      </h2>
      <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
        <Icon name="close" size={20} />
      </button>
    </header>
  );
}

interface FooterProps {
  readonly isSending: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
}

function Footer({ isSending, onClose, onSubmit }: FooterProps): VNode {
  return (
    <footer class="dc-modal-footer">
      <button type="button" class="dc-button dc-button-secondary" onClick={onClose}>
        Cancel
      </button>
      <button
        type="button"
        class="dc-button dc-button-primary"
        aria-busy={isSending}
        disabled={isSending}
        onClick={onSubmit}
      >
        <span class={isSending ? "dc-button-words dc-button-waiting" : "dc-button-words"}>Submit</span>
        {isSending && <Dots />}
      </button>
    </footer>
  );
}

/** Escape closes the form; Enter in a field of one line sends it. */
function handleKey(event: KeyboardEvent, { close, submit }: { close: () => void; submit: () => void }): void {
  if (event.defaultPrevented) return;
  if (event.key === "Escape") close();
  const isField = event.target instanceof HTMLInputElement && event.target.classList.contains("field");
  if (event.key === "Enter" && isField) submit();
}
