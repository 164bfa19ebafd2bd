import { actorOf } from "../src/core/member.ts";
import { cancelMigration } from "../src/migrations/cancel-migration.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import type { Command } from "./command.ts";

export const cancel: Command = {
  name: "cancel",
  usage: "<addon or migration ID>",
  description: "Cancel a migration before its switch-over",
  opensForm: false,
  async run({ args, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: args[0], wanted: "live", signal });
    if (found.kind === "refused") return found;
    return cancelMigration(deps, found.migration.id, actorOf(member));
  },
};
