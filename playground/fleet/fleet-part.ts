/** Servers of one kind of database, with their add-on and its application, as godwit.yaml describes them. */
export interface FleetPart {
  readonly plans: readonly { readonly id: string }[];
  readonly servers: readonly object[];
  readonly addons: readonly object[];
  readonly applications: readonly object[];
  /** The variables that the description reads. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The variable that holds the URL of a server's administrator. */
export function urlVariable(serverId: string): string {
  return `${serverId.toUpperCase().replaceAll(/[-.]/g, "_")}_URL`;
}

/** A server as godwit.yaml describes it. */
export function describeServer(id: string, { engine, plans }: { engine: string; plans: readonly string[] }) {
  return { id, engine, zone: "par", url: `\${${urlVariable(id)}}`, plans };
}
