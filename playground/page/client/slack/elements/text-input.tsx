import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { InteractiveElement } from "../../../../slack/blocks/elements.ts";
import { plainString } from "../text/text-object.tsx";
import { elementKey } from "./element-key.ts";
import { type Spot, useHost, valueOf } from "./host.ts";

export type TypedElement = Extract<
  InteractiveElement,
  { type: "plain_text_input" | "number_input" | "email_text_input" | "url_text_input" }
>;

interface Props {
  readonly element: TypedElement;
  readonly spot: Spot;
  readonly label: string;
  readonly describedBy?: string | undefined;
  /** Whether the app hears of it before the form is sent. */
  readonly dispatches: boolean;
}

const pauseMs = 300;

/** A field to type into. What is typed stays here while the view around it changes. */
export function TextInput({ element, spot, label, describedBy, dispatches }: Props): VNode {
  const host = useHost();
  const [typed, setTyped] = useState(() => valueOf(host, spot)?.value ?? "");
  const { hold, flush } = useHeldText(spot);
  const isWaiting = dispatches && !dispatchesWhileTyping(element);
  const shared = {
    class: "field",
    value: typed,
    placeholder: element.placeholder ? plainString(element.placeholder) : undefined,
    "aria-label": label,
    "aria-describedby": describedBy,
    "aria-invalid": host.errors[spot.blockId] !== undefined,
    "data-action-id": spot.actionId,
    "data-focus-on-load": element.focus_on_load,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
      setTyped(currentTarget.value);
      hold(currentTarget.value, !isWaiting);
    },
    onBlur: () => isWaiting || void flush(),
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key === "Enter" && isWaiting) void flush();
    },
  };
  if (element.type === "plain_text_input" && element.multiline === true) {
    return <textarea {...shared} rows={4} maxLength={element.max_length ?? 3000} />;
  }
  return <input type="text" inputMode={keyboardOf(element)} {...shared} />;
}

/** Keeps a typed text back until the person pauses, leaves the field or submits the form. */
function useHeldText(spot: Spot): {
  hold: (text: string, soon: boolean) => void;
  flush: () => Promise<unknown>;
} {
  const host = useHost();
  const latest = useRef(host);
  latest.current = host;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const waiting = useRef<string | null>(null);
  const key = `${spot.blockId}/${spot.actionId}`;
  const flush = async (): Promise<unknown> => {
    clearTimeout(timer.current);
    const value = waiting.current;
    waiting.current = null;
    host.holdBack(key, null);
    if (value === null) return undefined;
    const { act, place, blocks } = latest.current;
    return act({ type: "type", ...place, element: elementKey(blocks, spot), value });
  };
  const hold = (text: string, soon: boolean): void => {
    waiting.current = text;
    host.holdBack(key, flush);
    clearTimeout(timer.current);
    if (soon) timer.current = setTimeout(() => void flush(), pauseMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { hold, flush };
}

function dispatchesWhileTyping({ dispatch_action_config: config }: TypedElement): boolean {
  return config?.trigger_actions_on?.includes("on_character_entered") === true;
}

/** Which keyboard a phone shows; what is typed is judged by the app. */
function keyboardOf(element: TypedElement): "decimal" | "numeric" | "email" | "url" | "text" {
  switch (element.type) {
    case "number_input":
      return element.is_decimal_allowed ? "decimal" : "numeric";
    case "email_text_input":
      return "email";
    case "url_text_input":
      return "url";
    case "plain_text_input":
      return "text";
  }
}
