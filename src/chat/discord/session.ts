import type { ChatInbound } from "../../core/ports/chat.ts";
import type { ChatDependencies } from "../dependencies.ts";
import type { FormCache } from "../interactions/form-cache.ts";
import type { Guard } from "../interactions/guarded.ts";
import type { Suggestions } from "../interactions/suggestions.ts";
import type { DiscordClients } from "./client.ts";
import type { DiscordConfig } from "./config.ts";
import type { FormContexts } from "./form-context.ts";

/** What the listeners work with once the adapter has started. */
export interface DiscordSession extends ChatDependencies, Guard {
  readonly config: DiscordConfig;
  readonly clients: DiscordClients;
  readonly suggestions: Suggestions;
  readonly forms: FormCache;
  readonly contexts: FormContexts;
  readonly inbound: ChatInbound;
  /** Link to the plan of a migration, where this process posted it; else null. */
  readonly linkOf: (migrationId: string) => Promise<string | null>;
}
