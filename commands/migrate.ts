import type { CommandOption } from "../src/core/command.ts";
import type { FormSelection } from "../src/core/form.ts";
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

export const migrate: Command = {
  name: "migrate",
  options: [ADDON, PLAN, VERSION],
  description: "Move a database to another plan, version or zone",
  opensForm: true,
  async run({ options }, { deps, signal }) {
    const selection = selectionOf(options);
    const refusal = await refuseTyped(deps, selection, signal);
    return refusal ? { kind: "refused", refusal } : { kind: "open-form", selection };
  },
};

function selectionOf({ addon, plan, version }: Readonly<Record<string, string>>): FormSelection {
  return {
    ...(addon !== undefined && { addonId: addon }),
    ...(plan !== undefined && { planId: plan }),
    ...(version !== undefined && { version }),
  };
}
