import { actorOf } from "../src/core/member.ts";
import { cancelMigration } from "../src/migrations/cancel-migration.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { type Command, MIGRATION } from "./command.ts";

export const cancel: Command = {
  name: "cancel",
  options: [MIGRATION],
  description: "Cancel a migration before its switch-over",
  opensForm: false,
  async run({ options, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "live", signal });
    if (found.kind === "refused") return found;
    return cancelMigration(deps, found.migration.id, actorOf(member));
  },
};
