/** A kind of database at Clever Cloud, with what sets it apart from the others. */
export interface Kind {
  /** The platform's ID of it. */
  readonly providerId: string;
  readonly engine: string;
  readonly engineName: string;
  /** What real IDs begin with (clever-client.js). */
  readonly realIdPrefix: string;
  /** Whether a migration carries read-only users over ("database-migration.md"). */
  readonly carriesReadOnlyUsers: boolean;
  /** Whether people may change its major version and its zone themselves ("elastic.md"). */
  readonly movesFreely: boolean;
  /** Its data lives in memory: the size that its plans tell is memory, not disk. */
  readonly isInMemory: boolean;
}

/** Key-value stores, queues, buckets and Jenkins are left out: they are no databases or have no plan to move to. */
const KINDS: readonly Kind[] = [
  kind("postgresql-addon", "postgresql", "PostgreSQL", { carriesReadOnlyUsers: true }),
  kind("mysql-addon", "mysql", "MySQL"),
  kind("mongodb-addon", "mongodb", "MongoDB"),
  kind("redis-addon", "redis", "Redis", { isInMemory: true }),
  kind("es-addon", "elasticsearch", "Elasticsearch", { movesFreely: false }),
];

/** Elasticsearch is offered to those who switched it on. */
export function kindOf(providerId: string, { elasticsearch }: { elasticsearch: boolean }): Kind | undefined {
  const found = KINDS.find((known) => known.providerId === providerId);
  return found?.engine === "elasticsearch" && !elasticsearch ? undefined : found;
}

/** The kind of an engine. Throws for an engine that this platform does not host. */
export function kindOfEngine(engine: string): Kind {
  const found = KINDS.find((known) => known.engine === engine);
  if (found === undefined) throw new Error(`finding the kind of ${engine}: Clever Cloud hosts none`);
  return found;
}

/** Whether a text looks like an add-on's ID, the real one or the one that people see. */
export function isAddonId(text: string): boolean {
  return /^addon_[A-Za-z0-9-]+$/.test(text) || isRealId(text);
}

/** Whether a text looks like an add-on's real ID, such as `postgresql_…`. */
export function isRealId(text: string): boolean {
  return (
    KINDS.some(({ realIdPrefix }) => text.startsWith(realIdPrefix)) && /^[a-z]+_[A-Za-z0-9-]+$/.test(text)
  );
}

function kind(providerId: string, engine: string, engineName: string, special: Partial<Kind> = {}): Kind {
  const usual = { carriesReadOnlyUsers: false, movesFreely: true, isInMemory: false };
  return { providerId, engine, engineName, realIdPrefix: `${engine}_`, ...usual, ...special };
}
