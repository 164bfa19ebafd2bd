import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "../draw/icon.tsx";
import { useActions } from "../store/context.ts";
import type { Toast, UiState } from "../store/ui-state.ts";
import { TextBlocks } from "../text/text-blocks.tsx";

const shownMs = { mention: 8000, error: 20_000 } as const;

/** What went wrong and who called, for a while, below the header: what one writes and presses stays free. */
export function Toasts({ state }: { state: UiState }): VNode {
  return (
    <div class="toasts" aria-live="polite">
      {state.connection === "lost" && (
        <div class="toast toast-error" role="alert">
          <Icon name="plug" size={18} />
          <div class="toast-text">
            <strong>The playground does not answer</strong>
            <div>It connects again by itself when it runs.</div>
          </div>
        </div>
      )}
      {state.toasts.map((toast) => (
        <OneToast key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function OneToast({ toast }: { toast: Toast }): VNode {
  const { dispatch } = useActions();
  const dismiss = (): void => dispatch({ type: "dismiss", id: toast.id });
  useEffect(() => {
    const timer = setTimeout(dismiss, shownMs[toast.tone]);
    return () => clearTimeout(timer);
  }, [toast.id]);
  const open = (): void => {
    if (toast.opens) dispatch({ type: "open-message", ...toast.opens });
    dismiss();
  };
  return (
    <div class={`toast toast-${toast.tone}`} role={toast.tone === "error" ? "alert" : "status"}>
      <Icon name={toast.tone === "error" ? "alert" : "bell"} size={18} />
      <div class="toast-text">
        <strong>{toast.title}</strong>
        <div class="toast-body">
          {typeof toast.text === "string" ? toast.text : <TextBlocks blocks={toast.text} />}
        </div>
      </div>
      {toast.opens && (
        <button type="button" class="button button-small" onClick={open}>
          Open
        </button>
      )}
      <button type="button" class="toast-close" aria-label="Close this notice" onClick={dismiss}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
