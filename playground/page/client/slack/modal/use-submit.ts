import { useState } from "preact/hooks";
import type { OpenView, Snapshot } from "../../../../slack/index.ts";
import { useAct } from "../store/use-act.ts";

type PersonError = Snapshot["errors"][number];

interface Submit {
  readonly isSending: boolean;
  /** Why the last submission did not get through. */
  readonly problem: PersonError | undefined;
  readonly submit: () => void;
}

/** Sends a form: first what is typed but not sent yet, then the form itself. */
export function useSubmit(
  view: OpenView,
  context: { readonly errors: Snapshot["errors"]; readonly sendHeldBack: () => Promise<void> },
): Submit {
  const act = useAct();
  const { errors, sendHeldBack } = context;
  const [isSending, setSending] = useState(false);
  const [errorsBefore, setErrorsBefore] = useState(errors.length);
  const submit = async (): Promise<void> => {
    if (isSending || !view.wire.submit) return;
    setSending(true);
    setErrorsBefore(errors.length);
    await sendHeldBack();
    await act({ type: "submit", view: view.wire.id });
    setSending(false);
  };
  const problem = errors
    .slice(errorsBefore)
    .find(({ userId, kind }) => userId === view.userId && kind === "view_submission");
  return { isSending, problem, submit: () => void submit() };
}
