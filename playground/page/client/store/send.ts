import type { Action } from "../../../slack/index.ts";
import type { DemoAction } from "../../demo-state.ts";

type Distribute<T> = T extends unknown ? Omit<T, "user"> : never;

/** An action without the person, who is whoever the visitor is. */
export type PersonAction = Distribute<Action>;

/** Acts in the local Slack. @throws Error with what was not possible, in words */
export function sendAction(action: Action): Promise<unknown> {
  return post("/act", action);
}

/** Acts on the demo itself. @throws Error with what was not possible, in words */
export async function sendDemoAction(action: DemoAction): Promise<void> {
  await post("/demo", action);
}

async function post(path: string, body: object): Promise<unknown> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw new Error("The playground does not answer. Is it still running?", { cause });
  });
  const answer = (await response.json()) as { result?: unknown; error?: string };
  if (!response.ok) throw new Error(answer.error ?? `the playground answered ${response.status}`);
  return answer.result;
}
