import { actorOf } from "../src/core/member.ts";
import { unfreeze as unfreezeAll } from "../src/migrations/freeze.ts";
import type { Command } from "./command.ts";

export const unfreeze: Command = {
  name: "unfreeze",
  options: [],
  description: "Let migrations start and switch again",
  opensForm: false,
  right: "freeze",
  run: ({ member }, { deps }) => unfreezeAll(deps, actorOf(member)),
};
