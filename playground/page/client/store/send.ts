import type { DemoAction } from "../../demo-state.ts";

/** Where the server takes what a person does on each platform. */
export type ActPath = "/act" | "/discord/act";

/** Acts as a person. @throws Error with what was not possible, in words */
export function sendAction(path: ActPath, action: object): Promise<unknown> {
  return post(path, action);
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
