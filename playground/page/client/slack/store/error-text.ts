import type { Snapshot } from "../../../../slack/index.ts";

type PersonError = Snapshot["errors"][number];

const attempts: Readonly<Record<PersonError["kind"], string>> = {
  command: "The command",
  block_actions: "The button",
  view_submission: "The form",
  view_closed: "Closing the form",
  block_suggestion: "Loading the choices",
  event: "The event",
};

const causes: Readonly<Record<PersonError["error"], string>> = {
  operation_timeout: "Godwit did not answer within three seconds.",
  dispatch_failed: "Godwit could not be reached.",
  invalid_response: "Slack refused Godwit's answer.",
};

/** What Slack tells a person whose action did not arrive, with Slack's own code. */
export function errorText({ kind, error, detail }: PersonError): { title: string; text: string } {
  const code = detail === "" ? error : `${error}: ${detail}`;
  return { title: `${attempts[kind]} did not get through`, text: `${causes[error]} (${code})` };
}
