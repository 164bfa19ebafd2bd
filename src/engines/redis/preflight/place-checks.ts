import { formatBytes } from "../../../core/format.ts";
import { numberIn, readSetting } from "../info.ts";
import { readMarks } from "../marks.ts";
import { holdsAnything } from "../provision.ts";
import { blocker, type Check, warning } from "./check.ts";

/** What data takes more on a server that orders it anew, and that writes go on. */
const ROOM = 1.2;

const isFree: Check = async ({ target, input }) => {
  const [addon] = await readMarks(target.client, "addon");
  const remedy = "Add a free server to godwit.yaml, or empty it with FLUSHALL and FUNCTION FLUSH.";
  if (addon !== undefined)
    return [blocker("target-taken", `The server ${input.targetServer.id} belongs to ${addon}.`, remedy)];
  if (!(await holdsAnything(target.client))) return [];
  return [blocker("target-not-empty", `The server ${input.targetServer.id} is not empty.`, remedy)];
};

const hasRoom: Check = async ({ source, target, input }) => {
  const needed = Math.ceil(numberIn(source.info, "used_memory_dataset") * ROOM);
  const limit = numberIn(target.info, "maxmemory");
  const { memoryBytes, name } = input.targetPlan;
  const findings = [];
  if (limit > 0 && limit < needed)
    findings.push(
      blocker(
        "maxmemory",
        `The data takes ${formatBytes(needed)} with some room, and the new server's maxmemory is ${formatBytes(limit)}.`,
        `Set maxmemory on ${input.targetServer.id} to ${formatBytes(needed)} or more.`,
      ),
    );
  if (memoryBytes > 0 && memoryBytes < needed)
    findings.push(
      blocker(
        "plan-memory",
        `The data takes ${formatBytes(needed)} with some room, and ${name} has ${formatBytes(memoryBytes)} of memory.`,
        `Pick a plan with at least ${formatBytes(needed)} of memory.`,
      ),
    );
  return findings;
};

const hasSamePolicy: Check = async ({ source, target }) => {
  const [one, other] = await Promise.all(
    [source, target].map(({ client }) => readSetting(client, "maxmemory-policy")),
  );
  if (one === other || one === null || other === null || one === undefined || other === undefined) return [];
  const summary = `The old server's maxmemory-policy is ${one}, the new one's ${other}.`;
  return [
    warning(
      "maxmemory-policy",
      summary,
      `Set maxmemory-policy to ${one} on the new server, unless the change is meant.`,
    ),
  ];
};

/** Under a full memory the new server would throw away what was copied while it is being compared. */
const keepsAll: Check = async ({ target, source }) => {
  const limit = numberIn(target.info, "maxmemory");
  const policy = await readSetting(target.client, "maxmemory-policy");
  const isClose = limit > 0 && numberIn(source.info, "used_memory") > limit * 0.9;
  if (!isClose || policy === null || policy === "noeviction") return [];
  const summary = "The new server will be nearly full at once, and evicts keys when it is.";
  return [warning("eviction", summary, "Raise maxmemory on the new server.")];
};

const hasDatabases: Check = async ({ databases, target }) => {
  const highest = Math.max(-1, ...databases.keys());
  const count = Number((await readSetting(target.client, "databases")) ?? 16);
  if (highest < count) return [];
  const summary = `The database ${highest} holds keys, and the new server has ${count} databases.`;
  return [
    blocker(
      "databases",
      summary,
      `Set databases to ${highest + 1} or more on the new server, and restart it.`,
    ),
  ];
};

const SETTINGS = ["notify-keyspace-events", "appendonly"] as const;

const hasSameSettings: Check = async ({ source, target }) => {
  const findings = await Promise.all(
    SETTINGS.map(async (name) => {
      const [one, other] = await Promise.all([source, target].map(({ client }) => readSetting(client, name)));
      if (one === other || one === undefined || other === undefined || one === null || other === null)
        return [];
      const summary = `${name} is ${one === "" ? "empty" : one} on the old server and ${other === "" ? "empty" : other} on the new one.`;
      const value = one === "" ? '""' : one;
      return [
        warning(
          name,
          summary,
          `Run CONFIG SET ${name} ${value} on the new server, unless the change is meant.`,
        ),
      ];
    }),
  );
  return findings.flat();
};

/** A user that a restart forgets would lock the application out. */
const keepsUsers: Check = async ({ target, input }) => {
  const file = await readSetting(target.client, "aclfile");
  const configFile = target.info.get("config_file") ?? "";
  if ((file !== null && file !== "") || configFile !== "") return [];
  const summary = `The server ${input.targetServer.id} would forget the application's user when it restarts.`;
  return [
    blocker(
      "users-not-kept",
      summary,
      "Start it with an aclfile, or with a configuration file that it may write.",
    ),
  ];
};

/** Where the data is to be. */
export const PLACE_CHECKS: readonly Check[] = [
  isFree,
  hasRoom,
  hasSamePolicy,
  keepsAll,
  hasDatabases,
  hasSameSettings,
  keepsUsers,
];
