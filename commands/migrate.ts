import type { CommandOption } from "../src/core/command.ts";
import type { FormSelection } from "../src/core/form.ts";
import { parseStart } from "../src/core/parse-start.ts";
import type { Refusal } from "../src/core/verdict.ts";
import { refuseTyped } from "../src/migrations/open-form.ts";
import { ADDON, type Command } from "./command.ts";

const PLAN: CommandOption = {
  name: "plan",
  kind: "plan",
  placeholder: "plan",
  description: "The new plan; the form asks for it otherwise",
  isRequired: false,
};

const VERSION: CommandOption = {
  name: "version",
  kind: "version",
  placeholder: "version",
  description: "The new version; the form asks for it otherwise",
  isRequired: false,
};

const START: CommandOption = {
  name: "start",
  kind: "text",
  placeholder: "start",
  description: "now, window (maintenance), a delay such as 2h, or a time such as 2030-01-31 02:00",
  isRequired: false,
  takesRest: true,
};

export const migrate: Command = {
  name: "migrate",
  options: [ADDON, PLAN, VERSION, START],
  description: "Move a database to another plan, version or zone",
  opensForm: true,
  async run({ options, member }, { deps, signal }) {
    const start = startOf(options["start"], {
      now: deps.clock.now(),
      timeZone: member.timeZone ?? deps.timeZone,
    });
    if (start && "code" in start) return { kind: "refused", refusal: start };
    const selection = { ...selectionOf(options), ...start };
    const refusal = await refuseTyped(deps, selection, signal);
    return refusal ? { kind: "refused", refusal } : { kind: "open-form", selection };
  },
};

/** What was typed in the person's own time zone, as a moment. */
function startOf(
  typed: string | undefined,
  here: Parameters<typeof parseStart>[1],
): { start: string } | Refusal | undefined {
  if (typed === undefined) return undefined;
  const wanted = parseStart(typed, here);
  if ("code" in wanted) return wanted;
  return { start: wanted.kind === "at" ? wanted.at.toISOString() : wanted.kind };
}

function selectionOf({ addon, plan, version }: Readonly<Record<string, string>>): FormSelection {
  return {
    ...(addon !== undefined && { addonId: addon }),
    ...(plan !== undefined && { planId: plan }),
    ...(version !== undefined && { version }),
  };
}
