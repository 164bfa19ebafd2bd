import { showStatus } from "../src/migrations/overview.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  options: [],
  description: "Show the migrations that are under way",
  opensForm: false,
  run: (_, { deps, chats }) => showStatus(deps, chats),
};
