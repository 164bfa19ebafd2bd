import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

type Field = RefObject<HTMLTextAreaElement | null>;

/** Whoever opens a channel can type at once, unless the focus is somewhere already. */
export function useFirstFocus(field: Field, isWanted: boolean): void {
  useLayoutEffect(() => {
    if (isWanted && document.activeElement === document.body) field.current?.focus();
  }, []);
}

/** A field as high as its text. */
export function useGrowingField(field: Field, text: string): void {
  useLayoutEffect(() => {
    if (!field.current) return;
    field.current.style.height = "auto";
    field.current.style.height = `${field.current.scrollHeight}px`;
  }, [text]);
}
