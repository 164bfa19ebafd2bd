import type { Document, MongoClient } from "mongodb";
import { formatBytes } from "../../core/format.ts";
import type { PreflightInput } from "../../core/ports/engine.ts";
import type { Finding, FindingLevel } from "../../core/preflight.ts";
import { type Collection, isView, readCollections } from "./collections.ts";
import { readVersion } from "./inspect.ts";
import { administrator, asAdmin, withSession } from "./session.ts";
import { isOrdinary, isSame, mayWriteAnywhere, readUsers, type User } from "./users.ts";
import { expiryOf } from "./verify.ts";

/** What the checks look at. */
interface Seen {
  readonly input: PreflightInput;
  readonly source: MongoClient;
  readonly target: MongoClient;
  readonly collections: readonly Collection[];
  readonly users: readonly User[];
}

type Check = (seen: Seen) => Finding[] | Promise<Finding[]>;

function found(level: FindingLevel, check: string, [summary, remedy]: readonly [string, string]): Finding {
  return { check, level, summary, remedy };
}

const names = (all: readonly Collection[]): string => all.map(({ name }) => name).join(", ");

const isExperimental: Check = () => [
  found("consent", "experimental", [
    "Migrating MongoDB is experimental: it was tested at the wire against a stand-in, never on a real server.",
    "Try it with a copy of the database first, and have a backup that you have restored once.",
  ]),
];

const areServersFit: Check = async ({ source, target, input }) => {
  const findings: Finding[] = [];
  for (const [client, { id }] of [
    [source, input.source.server],
    [target, input.targetServer],
  ] as const) {
    const hello = await client.db("admin").command({ hello: 1 });
    const { authInfo } = await client.db("admin").command({ connectionStatus: 1 });
    findings.push(...judgeServer(id, hello, authInfo as Document));
  }
  return findings;
};

function judgeServer(id: string, hello: Document, { authenticatedUsers }: Document): Finding[] {
  if (hello["msg"] === "isdbgrid")
    return [
      found("blocker", "sharded", [`${id} is a sharded cluster.`, "Move it with MongoDB's own tools."]),
    ];
  if (hello["isWritablePrimary"] !== true)
    return [found("blocker", "not-primary", [`${id} takes no writes.`, "Name the primary in godwit.yaml."])];
  if ((authenticatedUsers as unknown[]).length === 0) {
    const summary = `${id} lets everybody in without a login, so nothing keeps anybody from writing.`;
    return [
      found("blocker", "no-access-control", [summary, "Start it with --auth, and give Godwit a user."]),
    ];
  }
  if (hello["setName"] !== undefined) return [];
  const summary = `${id} is a server by itself, not a replica set. The copy is made while nobody writes, so it needs none.`;
  return [{ check: "standalone", level: "info", summary }];
}

const isCompatible: Check = async ({ target, input }) => {
  const { version } = await readVersion(target);
  const answer = await target.db("admin").command({ getParameter: 1, featureCompatibilityVersion: 1 });
  const level = String(answer["featureCompatibilityVersion"]?.version);
  if (level === version) return [];
  const summary = `${input.targetServer.id} runs ${version} with the features of ${level}.`;
  const remedy = `Run setFeatureCompatibilityVersion "${version}" on it, unless that is meant.`;
  return [found("warning", "feature-compatibility", [summary, remedy])];
};

const isApplicationKnown: Check = ({ input: { source }, users }) => {
  const home = { user: source.username, db: source.database };
  if (isSame(home, administrator(source.server)) || source.username === administrator(source.server).user)
    return [
      found("blocker", "application-is-administrator", [
        "The application logs in as Godwit's administrator, who cannot be kept from writing.",
        `Give the application a user of its own in ${source.database}.`,
      ]),
    ];
  const user = users.find((each) => isSame(each, home));
  if (user === undefined)
    return [
      found("blocker", "user-elsewhere", [
        `The user ${source.username} does not live in the database ${source.database}.`,
        `Create it there (use ${source.database}; db.createUser), with authSource=${source.database} in the application.`,
      ]),
    ];
  const strange = user.roles.filter((role) => role.db !== source.database || !isOrdinary(role));
  if (strange.length === 0) return [];
  const summary = `The application's roles ${strange.map(({ role, db }) => `${role} on ${db}`).join(", ")} are not carried over.`;
  return [found("warning", "roles", [summary, "Grant them on the new server after the migration."])];
};

const whoElseWrites: Check = ({ users, input: { source } }) => {
  const admin = administrator(source.server);
  const mighty = users.filter((user) => !isSame(user, admin) && mayWriteAnywhere(user));
  const others = users.filter(
    (user) =>
      user.user !== source.username &&
      !isSame(user, admin) &&
      (user.db === source.database || user.roles.some(({ db }) => db === source.database)),
  );
  const list = (all: readonly User[]): string => all.map(({ user }) => user).join(", ");
  return [
    ...(mighty.length === 0
      ? []
      : [
          found("warning", "all-databases", [
            `${list(mighty)} may write to every database, and the fence does not stop them.`,
            "See to it that nobody writes as one of them during the migration.",
          ]),
        ]),
    ...(others.length === 0
      ? []
      : [
          found("warning", "other-users", [
            `The users ${list(others)} are not carried over.`,
            "Create them on the new server after the migration.",
          ]),
        ]),
  ];
};

const isCopyable: Check = ({ collections }) => {
  const series = collections.filter(({ type }) => type === "timeseries");
  const sealed = collections.filter(({ options }) => options["encryptedFields"] !== undefined);
  const capped = collections.filter(({ options }) => Boolean(options["capped"]));
  const expiring = collections.filter((each) => expiryOf(each).length > 0);
  const views = collections.filter(isView);
  const told = (
    all: readonly Collection[],
    level: FindingLevel,
    check: string,
    text: readonly [string, string],
  ): Finding[] => (all.length === 0 ? [] : [found(level, check, [`${text[0]}: ${names(all)}.`, text[1]])]);
  return [
    ...told(series, "blocker", "time-series", [
      "Time-series collections cannot be copied",
      "Move them with mongodump and mongorestore, and drop them here first.",
    ]),
    ...told(sealed, "blocker", "encrypted-fields", [
      "Collections with encrypted fields cannot be copied",
      "Move the database with MongoDB's own tools.",
    ]),
    ...told(capped, "info", "capped", [
      "Capped collections keep their order, and begin to forget by the new server's count",
      "Nothing needs to be done.",
    ]),
    ...told(expiring, "warning", "expiring", [
      "Documents expire on both servers while they are compared; those that have are not counted as differences",
      "Nothing needs to be done unless such documents must be kept.",
    ]),
    ...told(views, "info", "views", [
      "Views are made anew from their definitions",
      "Nothing needs to be done.",
    ]),
  ];
};

const holdsFunctions: Check = async ({ source, input }) => {
  const stored = await source.db(input.source.database).collection("system.js").estimatedDocumentCount();
  if (stored === 0) return [];
  const summary = "The functions in system.js are not carried over.";
  return [
    found("warning", "stored-functions", [summary, "Save them on the new server after the migration."]),
  ];
};

const hasRoom: Check = async ({ source, input: { source: access, targetPlan } }) => {
  const { storageSize, indexSize } = await source.db(access.database).command({ dbStats: 1 });
  const needed = Number(storageSize) + Number(indexSize);
  if (targetPlan.diskBytes === 0 || needed <= targetPlan.diskBytes) return [];
  const summary = `The database takes ${formatBytes(needed)}, and ${targetPlan.name} has ${formatBytes(targetPlan.diskBytes)} of disk.`;
  return [
    found("blocker", "plan-disk", [summary, `Pick a plan with at least ${formatBytes(needed)} of disk.`]),
  ];
};

const CHECKS: readonly Check[] = [
  isExperimental,
  areServersFit,
  isCompatible,
  isApplicationKnown,
  whoElseWrites,
  isCopyable,
  holdsFunctions,
  hasRoom,
];

/** Looks for everything that could go wrong between a database and the server that it is to move to. */
export function preflight(input: PreflightInput, signal: AbortSignal): Promise<readonly Finding[]> {
  const options = { name: "godwit check", signal };
  return withSession(asAdmin(input.source.server), options, (source) =>
    withSession(asAdmin(input.targetServer), options, async (target) => {
      const collections = await readCollections(source, input.source.database);
      const users = await readUsers(source);
      const findings: Finding[] = [];
      for (const check of CHECKS)
        findings.push(...(await check({ input, source, target, collections, users })));
      return findings;
    }),
  );
}
