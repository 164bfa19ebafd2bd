/** One of the people a visitor can be. */
export interface PageRole {
  /** The user name in the local Slack and in the local Discord. */
  readonly name: string;
  /** What they are in the demo, such as `requester`. */
  readonly role: string;
}

/** A subcommand that Slack's composer offers. */
export interface CommandHint {
  /** Such as `/db migrate [add-on]`. */
  readonly usage: string;
  readonly description: string;
}

/** What the page is told once, when it connects. */
export interface PageSettings {
  readonly workspace: string;
  readonly people: readonly PageRole[];
  readonly commands: readonly CommandHint[];
}

/** The people of the demo, the first of whom a visitor is at the start. */
export const defaultPageRoles: readonly PageRole[] = [
  { name: "alice", role: "requester" },
  { name: "bob", role: "colleague" },
  { name: "sam", role: "support" },
];

export const defaultCommandHints: readonly CommandHint[] = [
  { usage: "/db migrate [add-on]", description: "Migrate a database to another plan or version" },
  { usage: "/db list", description: "Show the databases you may migrate" },
  { usage: "/db status [add-on]", description: "Show what is running now" },
  { usage: "/db history [add-on]", description: "Show finished migrations" },
  { usage: "/db cancel [migration]", description: "Cancel a migration and take it back" },
  { usage: "/db retry [migration]", description: "Try a failed migration again" },
  { usage: "/db help", description: "Show every command" },
];
