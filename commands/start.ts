import { actorOf } from "../src/core/member.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { startScheduled } from "../src/migrations/schedule/start-scheduled.ts";
import { type Command, MIGRATION } from "./command.ts";

export const start: Command = {
  name: "start",
  options: [MIGRATION],
  description: "Start a scheduled migration now",
  opensForm: false,
  async run({ options, member }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "live", signal });
    if (found.kind === "refused") return found;
    return startScheduled(deps, { migrationId: found.migration.id, by: actorOf(member) }, signal);
  },
};
