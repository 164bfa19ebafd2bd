import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

/**
 * Keeps the focus in the form: on its first field when it opens, on the same field when the app draws it anew, on the
 * first wrong field after a refused submission.
 */
export function useModalFocus(
  dialog: RefObject<HTMLDivElement | null>,
  form: {
    /** Another object whenever the app draws it anew. */
    readonly drawn: object;
    /** What is wrong, by field. */
    readonly errors: Readonly<Record<string, string>>;
  },
): void {
  const lastActionId = useRef<string | undefined>(undefined);
  const wasInside = useRef(false);
  useEffect(() => {
    focusFirst(dialog.current);
    const remember = (event: FocusEvent): void => {
      lastActionId.current = (event.target as HTMLElement).dataset.actionId;
      wasInside.current = true;
    };
    const leave = (event: FocusEvent): void => {
      wasInside.current = !event.relatedTarget;
    };
    dialog.current?.addEventListener("focusin", remember);
    dialog.current?.addEventListener("focusout", leave);
  }, []);
  useLayoutEffect(() => {
    const isLost = document.activeElement === document.body && wasInside.current;
    if (isLost) focusAgain(dialog.current, lastActionId.current);
  }, [form.drawn]);
  const errorKeys = Object.keys(form.errors).join(" ");
  useEffect(() => {
    if (errorKeys !== "") dialog.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errorKeys]);
}

/** Gives the focus back to what had it in the page below, which is out of reach while a form is open. */
export function useFocusBelow(isCovered: boolean): void {
  const last = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const remember = ({ target }: { target: EventTarget | null }): void => {
      if (target instanceof HTMLElement && target.closest(".coverable")) last.current = target;
    };
    remember({ target: document.activeElement });
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
  }, []);
  useEffect(() => {
    if (!isCovered && document.activeElement === document.body) last.current?.focus();
  }, [isCovered]);
}

function focusFirst(dialog: HTMLElement | null): void {
  const wanted = dialog?.querySelector<HTMLElement>("[data-focus-on-load=true]");
  const first = dialog?.querySelector<HTMLElement>("[data-action-id]");
  (wanted ?? first ?? dialog)?.focus();
}

function focusAgain(dialog: HTMLElement | null, actionId: string | undefined): void {
  const fields = [...(dialog?.querySelectorAll<HTMLElement>("[data-action-id]") ?? [])];
  (fields.find(({ dataset }) => dataset.actionId === actionId) ?? dialog)?.focus();
}
