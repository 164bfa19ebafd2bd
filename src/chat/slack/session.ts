import type { ChatInbound } from "../../core/ports/chat.ts";
import type { ChatDependencies } from "../dependencies.ts";
import type { Guard } from "../interactions/guarded.ts";
import type { Suggestions } from "../interactions/suggestions.ts";
import type { SlackClients } from "./client.ts";
import type { SlackConfig } from "./config.ts";
import type { LiveViews } from "./live-views.ts";
import type { HomeTeam, Members } from "./members.ts";

/** What the listeners work with once the adapter has started. */
export interface SlackSession extends ChatDependencies, Guard {
  readonly config: SlackConfig;
  readonly clients: SlackClients;
  readonly members: Members;
  readonly home: HomeTeam;
  readonly views: LiveViews;
  readonly suggestions: Suggestions;
  readonly inbound: ChatInbound;
  /** Link to the plan of a migration, where this process posted it; else null. */
  readonly linkOf: (migrationId: string) => Promise<string | null>;
}
