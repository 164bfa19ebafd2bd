import { formatBytes } from "../../../core/format.ts";
import { compareVersions } from "../../../core/version.ts";
import { splitVersion } from "../flavour.ts";
import { versionOf } from "../inspect.ts";
import { type Check, readVariable } from "./check.ts";

const product: Check = async ({ source, target }) => {
  if (source.flavour.product === target.flavour.product) return [];
  const summary = `The old server is ${source.flavour.product} and the new one ${target.flavour.product}, which is another engine.`;
  return [
    { check: "product", level: "blocker", summary, remedy: `Pick a server of ${source.flavour.product}.` },
  ];
};

const versionOrder: Check = async ({ source, target }) => {
  const [old, next] = [source, target].map(({ versionText }) => splitVersion(versionText).full);
  if (source.flavour.product !== target.flavour.product || compareVersions(next ?? "", old ?? "") >= 0)
    return [];
  const summary = `The new server runs ${versionOf(target).fullVersion}, which is older than ${versionOf(source).fullVersion}.`;
  return [
    { check: "version-order", level: "blocker", summary, remedy: "Pick a server that is at least as new." },
  ];
};

const oldest: Check = async ({ source }) => {
  const { oldest, product } = source.flavour;
  if (compareVersions(splitVersion(source.versionText).series, oldest) >= 0) return [];
  const summary = `The old server runs ${versionOf(source).fullVersion}, whose databases Godwit does not move.`;
  const remedy = `Bring the old server to ${product} ${oldest} first, or ask support.`;
  return [{ check: "source-version", level: "blocker", summary, remedy }];
};

/** A global right that taking rights away and giving them back, and ending sessions, takes. */
const administrator: Check = async ({ source, target }) => {
  const lacking: string[] = [];
  for (const [side, session] of [
    ["old", source],
    ["new", target],
  ] as const) {
    const rows = await session.rows<Record<string, string>>("SHOW GRANTS");
    const text = rows.flatMap((row) => Object.values(row)).join("\n");
    const isRoot = /GRANT ALL PRIVILEGES ON \*\.\* TO .* WITH GRANT OPTION/.test(text);
    const isSuper = /\bSUPER\b.* ON \*\.\* TO .* WITH GRANT OPTION/.test(text);
    if (!isRoot && !isSuper) lacking.push(side);
  }
  if (lacking.length === 0) return [];
  const summary = `Godwit's administrator has not all rights on the ${lacking.join(" and the ")} server.`;
  const remedy =
    "Grant it ALL PRIVILEGES ON *.* WITH GRANT OPTION: taking rights away and giving them back takes it.";
  return [{ check: "administrator", level: "blocker", summary, remedy }];
};

const writable: Check = async ({ target }) => {
  const values = await Promise.all(
    ["read_only", "super_read_only"].map((name) => readVariable(target, name)),
  );
  if (!values.some((value) => value !== null && value !== "OFF" && value !== "0")) return [];
  const summary = "The new server is read-only, as a replica is.";
  return [
    {
      check: "target-read-only",
      level: "blocker",
      summary,
      remedy: "Pick the primary server, or set read_only = OFF on it.",
    },
  ];
};

const localInfile: Check = async ({ target }) => {
  if ((await readVariable(target, "local_infile")) !== "OFF") return [];
  const summary = "The new server takes no LOAD DATA LOCAL, by which rows are copied.";
  return [
    {
      check: "local-infile",
      level: "blocker",
      summary,
      remedy: "Set local_infile = ON on the new server; the application's settings stay as they are.",
    },
  ];
};

const caseRules: Check = async ({ source, target }) => {
  const [old, next] = await Promise.all(
    [source, target].map((side) => readVariable(side, "lower_case_table_names")),
  );
  if (old === next) return [];
  const summary = `The servers treat upper and lower case in names of tables differently (lower_case_table_names is ${old} and ${next}).`;
  return [
    {
      check: "case-rules",
      level: "blocker",
      summary,
      remedy: "Pick a server with the same lower_case_table_names.",
    },
  ];
};

/** What applications meet on the new server, though no row changes by it. */
const sqlMode: Check = async ({ source, target }) => {
  const [old = "", next = ""] = await Promise.all(
    [source, target].map(async (side) => (await readVariable(side, "sql_mode")) ?? ""),
  );
  const has = (mode: string): Set<string> => new Set(mode.split(",").filter((name) => name !== ""));
  const [before, after] = [has(old), has(next)];
  const changed = [
    ...[...after].filter((name) => !before.has(name)).map((name) => `${name} comes`),
    ...[...before].filter((name) => !after.has(name)).map((name) => `${name} goes`),
  ];
  if (changed.length === 0) return [];
  const summary = `The new server has another sql_mode: ${changed.join(", ")}.`;
  return [
    {
      check: "sql-mode",
      level: "warning",
      summary,
      remedy: "Set the same sql_mode on the new server, or in the application's connections.",
    },
  ];
};

const collations: Check = async ({ source, target, database }) => {
  const used = await source.rows<{ name: string }>(
    `SELECT DISTINCT COLLATION_NAME AS name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND COLLATION_NAME IS NOT NULL
     UNION SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?
     UNION SELECT DISTINCT COLLATION_CONNECTION FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = ?`,
    [database, database, database],
  );
  const known = await target.rows<{ name: string }>("SHOW COLLATION");
  const names = new Set(known.flatMap((row) => Object.values(row).map(String)));
  // MariaDB names its newer collations without their character set.
  const missing = used
    .map(({ name }) => name)
    .filter((name) => !names.has(name) && !names.has(name.replace(/^[^_]+_/, "")));
  if (missing.length === 0) return [];
  const summary = `The new server does not know the collations ${missing.join(", ")}.`;
  return [
    {
      check: "collations",
      level: "blocker",
      summary,
      remedy: "Change these columns to a collation that both servers have.",
    },
  ];
};

/** A collation that is the default of its character set on the old server only. */
const defaultCollation: Check = async ({ source, target }) => {
  const [old, next] = await Promise.all(
    [source, target].map((side) => readVariable(side, "collation_server")),
  );
  if (old === next) return [];
  const summary = `New tables of other databases get ${next} on the new server, and ${old} on the old one. The copy keeps its collations.`;
  return [{ check: "default-collation", level: "info", summary }];
};

const packets: Check = async ({ source, target }) => {
  const [old, next] = await Promise.all(
    [source, target].map(async (side) => Number(await readVariable(side, "max_allowed_packet"))),
  );
  if (Number(next) >= Number(old)) return [];
  const summary = `The new server takes values up to ${formatBytes(Number(next))}, the old one up to ${formatBytes(Number(old))}.`;
  return [
    {
      check: "max-allowed-packet",
      level: "warning",
      summary,
      remedy: "Set max_allowed_packet on the new server to what the old one has.",
    },
  ];
};

const events: Check = async ({ source, target, database }) => {
  const running = await source.rows(
    "SELECT 1 FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? AND STATUS = 'ENABLED' LIMIT 1",
    [database],
  );
  if (running.length === 0 || (await readVariable(target, "event_scheduler")) === "ON") return [];
  const summary = "The database has events, and the new server's event scheduler is off.";
  return [
    {
      check: "event-scheduler",
      level: "warning",
      summary,
      remedy: "Set event_scheduler = ON on the new server.",
    },
  ];
};

/** Checks of the two servers, and of what Godwit may do on them. */
export const serverChecks: readonly Check[] = [
  product,
  versionOrder,
  oldest,
  administrator,
  writable,
  localInfile,
  caseRules,
  sqlMode,
  collations,
  defaultCollation,
  packets,
  events,
];
