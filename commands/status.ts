import { showStatus } from "../src/migrations/overview.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  usage: "",
  description: "Show the migrations that are under way",
  opensForm: false,
  run: (_, { deps, chats }) => showStatus(deps, chats),
};
