import type { CommandOption } from "../src/core/command.ts";
import { actorOf } from "../src/core/member.ts";
import { freeze as freezeAll } from "../src/migrations/freeze.ts";
import type { Command } from "./command.ts";

const REASON: CommandOption = {
  name: "reason",
  kind: "text",
  placeholder: "reason",
  description: "Why nothing may start or switch; everybody whose migration is held reads it",
  isRequired: true,
  takesRest: true,
};

export const freeze: Command = {
  name: "freeze",
  options: [REASON],
  description: "Let no migration start or switch until /db unfreeze",
  opensForm: false,
  right: "freeze",
  run: ({ options, member }, { deps }) =>
    freezeAll(deps, { reason: options["reason"] ?? "", by: actorOf(member) }),
};
