import type { Flavour } from "../flavour.ts";
import type { Login } from "../session.ts";
import { quoteAccount, quoteName, quoteText } from "../sql.ts";
import type { Position } from "./position.ts";

/** Whom a channel follows, as whom, and from where. */
export interface Followed {
  readonly source: Login;
  readonly user: string;
  readonly password: string;
  readonly from: Position;
}

/** The database that a channel takes, and what it is called on the target. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** How a product says what is done with a channel, which MariaDB calls a connection. */
interface Texts {
  readonly list: string;
  follow(channel: string, followed: Followed): string;
  /** Run while the channel stands still. The server forgets filters when it is restarted. */
  filter(channel: string, names: Renamed): readonly string[];
  unfilter(channel: string): readonly string[];
  start(channel: string, thread: "" | "IO_THREAD"): string;
  stop(channel: string): string;
  remove(channel: string): string;
}

/** A target's own certificates are not Godwit's to name, so modes that check them become one that encrypts. */
function encrypts({ tls }: Login): boolean {
  return tls !== null && !["disabled", "disable", "preferred"].includes(tls);
}

/** Everything in a database, for filters in which `_` and `%` are wildcards. */
function everythingIn(database: string): string {
  return quoteText(`${database.replaceAll(/[\\_%]/g, String.raw`\$&`)}.%`);
}

const RETRY_SECONDS = 2;

const MYSQL_TEXTS: Texts = {
  list: "SHOW REPLICA STATUS",
  follow: (channel, { source, user, password, from }) =>
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST = ${quoteText(source.host)}, SOURCE_PORT = ${source.port},
       SOURCE_USER = ${quoteText(user)}, SOURCE_PASSWORD = ${quoteText(password)},
       SOURCE_LOG_FILE = ${quoteText(from.file)}, SOURCE_LOG_POS = ${from.offset}, SOURCE_AUTO_POSITION = 0,
       SOURCE_CONNECT_RETRY = ${RETRY_SECONDS}, SOURCE_SSL = ${encrypts(source) ? 1 : 0}, GET_SOURCE_PUBLIC_KEY = 1,
       REQUIRE_ROW_FORMAT = 1, PRIVILEGE_CHECKS_USER = ${quoteAccount({ user, host: "%" })}
     FOR CHANNEL ${quoteText(channel)}`,
  // Filters see the name that a database has after it was renamed.
  filter: (channel, { from, to }) => [
    `CHANGE REPLICATION FILTER REPLICATE_REWRITE_DB = (${from === to ? "" : `(${quoteName(from)}, ${quoteName(to)})`}),
       REPLICATE_DO_DB = (${quoteName(to)}), REPLICATE_WILD_DO_TABLE = (${everythingIn(to)})
     FOR CHANNEL ${quoteText(channel)}`,
  ],
  unfilter: () => [], // They go with the channel.
  start: (channel, thread) => `START REPLICA ${thread} FOR CHANNEL ${quoteText(channel)}`,
  stop: (channel) => `STOP REPLICA FOR CHANNEL ${quoteText(channel)}`,
  remove: (channel) => `RESET REPLICA ALL FOR CHANNEL ${quoteText(channel)}`,
};

function setFilters(channel: string, filters: Readonly<Record<string, string>>): readonly string[] {
  return [
    `SET SESSION default_master_connection = ${quoteText(channel)}`,
    ...Object.entries(filters).map(([name, value]) => `SET GLOBAL ${name} = ${value}`),
    "SET SESSION default_master_connection = ''",
  ];
}

const MARIADB_TEXTS: Texts = {
  list: "SHOW ALL SLAVES STATUS",
  follow: (channel, { source, user, password, from }) =>
    `CHANGE MASTER ${quoteText(channel)} TO MASTER_HOST = ${quoteText(source.host)}, MASTER_PORT = ${source.port},
       MASTER_USER = ${quoteText(user)}, MASTER_PASSWORD = ${quoteText(password)},
       MASTER_LOG_FILE = ${quoteText(from.file)}, MASTER_LOG_POS = ${from.offset}, MASTER_USE_GTID = no,
       MASTER_CONNECT_RETRY = ${RETRY_SECONDS}, MASTER_SSL = ${encrypts(source) ? 1 : 0},
       MASTER_SSL_VERIFY_SERVER_CERT = 0`,
  filter: (channel, { from, to }) =>
    setFilters(channel, {
      ...(from === to ? {} : { replicate_rewrite_db: quoteText(`${from}->${to}`) }),
      replicate_do_db: quoteText(to),
      replicate_wild_do_table: everythingIn(to),
    }),
  unfilter: (channel) =>
    setFilters(channel, {
      replicate_do_db: "''",
      replicate_wild_do_table: "''",
    }),
  start: (channel, thread) => `START SLAVE ${quoteText(channel)} ${thread}`,
  stop: (channel) => `STOP SLAVE ${quoteText(channel)}`,
  remove: (channel) => `RESET SLAVE ${quoteText(channel)} ALL`,
};

/** The statements of a server's product. */
export function textsFor({ product }: Flavour): Texts {
  return product === "MySQL" ? MYSQL_TEXTS : MARIADB_TEXTS;
}
