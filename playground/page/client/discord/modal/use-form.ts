import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenModal } from "../../../../discord/index.ts";
import { useAct } from "../store/use-act.ts";
import { findProblems, isFinished } from "./find-problems.ts";
import { type Entered, fieldsOf } from "./form-field.ts";

export interface Form {
  /** By custom_id. */
  readonly values: Readonly<Record<string, Entered>>;
  /** What is wrong, by custom_id; a problem goes as soon as its field changes. */
  readonly errors: Readonly<Record<string, string>>;
  readonly isSending: boolean;
  readonly enter: (customId: string, value: Entered) => void;
  readonly submit: () => void;
  /** Sends nothing more of what was entered. */
  readonly forget: () => void;
}

const typingMs = 300;

/** What is entered in a form; it is shown at once and told to the server soon after. */
export function useForm(modal: OpenModal): Form {
  const act = useAct();
  const [values, setValues] = useState(modal.values);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [isSending, setSending] = useState(false);
  const { hold, flush, forget } = useHeldValues(modal);
  const enter = (customId: string, value: Entered): void => {
    setValues((before) => ({ ...before, [customId]: value }));
    setErrors(({ [customId]: _fixed, ...others }) => others);
    hold(customId, value);
  };
  const submit = async (): Promise<void> => {
    const problems = findProblems(modal, values);
    setErrors(problems);
    if (isSending || Object.keys(problems).length > 0) return;
    setSending(true);
    await flush();
    await act({ type: "submit", modal: modal.id });
    setSending(false);
  };
  return {
    values,
    errors,
    isSending: isSending || modal.state === "submitting",
    enter,
    submit: () => void submit(),
    forget,
  };
}

/** Keeps values back until a person pauses, and sends them when the form goes out of sight. */
function useHeldValues(modal: OpenModal) {
  const act = useAct();
  const held = useRef(new Map<string, Entered>());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const flush = async (): Promise<void> => {
    clearTimeout(timer.current);
    const entries = [...held.current];
    held.current.clear();
    await Promise.all(
      entries.map(([field, value]) => act({ type: "fill", modal: modal.id, field, value: copyOf(value) })),
    );
  };
  const hold = (customId: string, value: Entered): void => {
    const found = fieldsOf(modal).find(({ field }) => field.custom_id === customId);
    if (!found || !isFinished(found.field, value)) return;
    held.current.set(customId, value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), found.field.type === 4 ? typingMs : 0);
  };
  useEffect(() => () => void flush(), []);
  return { hold, flush, forget: () => held.current.clear() };
}

function copyOf(value: Entered): string | boolean | string[] | null {
  return typeof value === "object" && value !== null ? [...value] : value;
}
