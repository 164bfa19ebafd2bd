import type { DemoAction } from "../../demo-state.ts";
import { useActions } from "../store/context.ts";
import { sendDemoAction } from "../store/send.ts";

/** Does something to the demo itself; a failure is shown as a toast. */
export function useDemoAction(): (action: DemoAction) => void {
  const { dispatch } = useActions();
  return (action) => {
    sendDemoAction(action).catch((error: unknown) => {
      const text = error instanceof Error ? error.message : String(error);
      dispatch({ type: "toast", toast: { tone: "error", title: "That did not work", text } });
    });
  };
}
