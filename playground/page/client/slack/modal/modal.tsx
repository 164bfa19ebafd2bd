import type { VNode } from "preact";
import { useId, useRef } from "preact/hooks";
import type { OpenView, Snapshot } from "../../../../slack/index.ts";
import { GodwitPicture } from "../../draw/godwit-picture.tsx";
import { Icon, Spinner } from "../../draw/icon.tsx";
import { useModalFocus } from "../../modal/use-modal-focus.ts";
import { BlocksView } from "../blocks/blocks-view.tsx";
import { errorText } from "../store/error-text.ts";
import { useAct } from "../store/use-act.ts";
import { plainString } from "../text/text-object.tsx";
import { useFormHost } from "./use-form-host.ts";
import { useSubmit } from "./use-submit.ts";

interface Props {
  readonly view: OpenView;
  readonly isNested: boolean;
  readonly errors: Snapshot["errors"];
}

/** A form of the app. What is entered stays while the app changes the form around it. */
export function Modal({ view, isNested, errors }: Props): VNode {
  const act = useAct();
  const { host, sendHeldBack } = useFormHost(view);
  const { isSending, problem, submit } = useSubmit(view, { errors, sendHeldBack });
  const dialog = useRef<HTMLDivElement>(null);
  const id = useId();
  useModalFocus(dialog, { drawn: view, errors: view.errors });
  const close = (): void => void act({ type: "close", view: view.wire.id });
  return (
    <div
      ref={dialog}
      class="modal"
      role="dialog"
      aria-labelledby={`${id}-title`}
      tabIndex={-1}
      onKeyDown={(event) => handleKey(event, { close, submit })}
    >
      <ModalHeader
        id={`${id}-title`}
        title={plainString(view.wire.title)}
        isNested={isNested}
        onClose={close}
      />
      <div class="modal-body" tabIndex={0} role="region" aria-label="Form">
        {problem && <Problem error={problem} />}
        <BlocksView host={host} />
      </div>
      <ModalFooter view={view} isSending={isSending} onClose={close} onSubmit={submit} />
    </div>
  );
}

interface HeaderProps {
  readonly id: string;
  readonly title: string;
  readonly isNested: boolean;
  readonly onClose: () => void;
}

function ModalHeader({ id, title, isNested, onClose }: HeaderProps): VNode {
  return (
    <header class="modal-header">
      {isNested && (
        <button type="button" class="icon-button" aria-label="Back to the form before" onClick={onClose}>
          <Icon name="back" size={18} />
        </button>
      )}
      <GodwitPicture size={28} />
      <h2 class="modal-title" id={id}>
        {title}
      </h2>
      <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
        <Icon name="close" size={18} />
      </button>
    </header>
  );
}

function Problem({ error }: { error: Snapshot["errors"][number] }): VNode {
  const { title, text } = errorText(error);
  return (
    <div class="block alert alert-error" role="alert">
      <Icon name="alert" size={18} />
      <div>
        <strong class="alert-word">{title}</strong>
        <div>{text}</div>
      </div>
    </div>
  );
}

interface FooterProps {
  readonly view: OpenView;
  readonly isSending: boolean;
  readonly onClose: () => void;
  readonly onSubmit: () => void;
}

function ModalFooter({ view, isSending, onClose, onSubmit }: FooterProps): VNode {
  const { close, submit } = view.wire;
  return (
    <footer class="modal-footer">
      <button type="button" class="button" onClick={onClose}>
        {close ? plainString(close) : "Cancel"}
      </button>
      {submit && (
        <button
          type="button"
          class="button button-primary-solid"
          aria-busy={isSending}
          disabled={isSending}
          onClick={onSubmit}
        >
          {isSending && <Spinner size={14} />}
          {plainString(submit)}
        </button>
      )}
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
