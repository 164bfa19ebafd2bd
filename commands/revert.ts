import { actorOf } from "../src/core/member.ts";
import { askRevert } from "../src/migrations/ask-revert.ts";
import { findMigration } from "../src/migrations/find-migration.ts";
import { type Command, MIGRATION } from "./command.ts";

export const revert: Command = {
  name: "revert",
  options: [MIGRATION],
  description: "Return a migrated database to its old place, and see first what that loses",
  opensForm: false,
  async run({ options, member, place }, { deps, signal }) {
    const found = await findMigration(deps, { nameOrId: options["addon"], wanted: "succeeded", signal });
    if (found.kind === "refused") return found;
    return askRevert(deps, { migrationId: found.migration.id, by: actorOf(member), place }, signal);
  },
};
