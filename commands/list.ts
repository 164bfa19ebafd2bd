import { listAddons } from "../src/migrations/overview.ts";
import type { Command } from "./command.ts";

export const list: Command = {
  name: "list",
  options: [],
  description: "List the databases and what holds them",
  opensForm: false,
  run: (_, { deps, signal }) => listAddons(deps, signal),
};
