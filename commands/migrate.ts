import type { Command } from "./command.ts";

export const migrate: Command = {
  name: "migrate",
  usage: "[addon]",
  description: "Move a database to another plan, version or zone",
  opensForm: true,
  run: async ({ args }) => ({ kind: "open-form", addonName: args[0] ?? null }),
};
