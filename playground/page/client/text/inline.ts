/** A piece of text with a meaning; the notations of both platforms all become these. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "styled"; readonly style: InlineStyle; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly children: readonly Inline[] }
  | { readonly kind: "user"; readonly id: string }
  | { readonly kind: "group"; readonly id: string }
  | { readonly kind: "channel"; readonly id: string }
  | { readonly kind: "broadcast"; readonly range: string }
  | { readonly kind: "date"; readonly timestamp: number; readonly format: string; readonly fallback: string }
  | { readonly kind: "color"; readonly value: string }
  /** A slash command, with the slash. */
  | { readonly kind: "command"; readonly name: string }
  | { readonly kind: "emoji"; readonly name: string };

export type InlineStyle = "bold" | "italic" | "strike" | "underline" | "spoiler";

/** Texts one below the other. */
export type TextBlock =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly children: readonly Inline[] }
  | { readonly kind: "pre"; readonly text: string }
  /** Small print. */
  | { readonly kind: "small"; readonly children: readonly Inline[] }
  | { readonly kind: "rule" }
  | {
      readonly kind: "list";
      readonly isOrdered: boolean;
      readonly start: number;
      readonly indent: number;
      readonly items: readonly (readonly Inline[])[];
    };

export function text(value: string): Inline {
  return { kind: "text", text: value };
}

/** Text in which line breaks are kept. */
export function lines(value: string): Inline[] {
  return value
    .split("\n")
    .flatMap((line, index) => [
      ...(index > 0 ? [{ kind: "break" } as const] : []),
      ...(line === "" ? [] : [text(line)]),
    ]);
}
