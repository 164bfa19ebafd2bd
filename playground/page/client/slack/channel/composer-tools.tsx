import type { VNode } from "preact";
import { Icon } from "../../draw/icon.tsx";

interface Props {
  readonly text: string;
  readonly hasCommands: boolean;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
}

/** The buttons below the field. */
export function ComposerTools({ text, hasCommands, onChange, onSend }: Props): VNode {
  return (
    <div class="composer-tools">
      {hasCommands && (
        <button
          type="button"
          class="icon-button"
          aria-label="Show the commands"
          title="Commands"
          onClick={() => onChange(text.startsWith("/") ? text : `/${text}`)}
        >
          <Icon name="slash" size={18} />
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label="Mention someone"
        title="Mention someone"
        onClick={() => onChange(`${text}${/(?:^|\s)$/.test(text) ? "" : " "}@`)}
      >
        <Icon name="at" size={18} />
      </button>
      <button
        type="button"
        class="send"
        aria-label="Send"
        title="Send"
        disabled={text.trim() === ""}
        onClick={onSend}
      >
        <Icon name="send" size={16} />
      </button>
    </div>
  );
}
