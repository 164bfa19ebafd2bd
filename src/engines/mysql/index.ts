import type { Engine } from "../../core/ports/engine.ts";
import { ALLOWED } from "../../core/verdict.ts";
import { DEFAULT_JOBS } from "../in-parallel.ts";
import { capabilities } from "./capabilities.ts";
import { close } from "./close.ts";
import { connectedSince } from "./connected-since.ts";
import { copyData } from "./copy/copy-data.ts";
import { drop } from "./drop.ts";
import { environment } from "./environment.ts";
import { guarded } from "./errors.ts";
import { estimate } from "./estimate.ts";
import { fence, unfence } from "./fence/fence.ts";
import { planFence } from "./fence/plan-fence.ts";
import { proveFence } from "./fence/prove-fence.ts";
import { finish } from "./finish.ts";
import { inspect, serverFacts } from "./inspect.ts";
import { createReplication } from "./live/index.ts";
import { judgeLive } from "./live/judge-live.ts";
import { openUrls } from "./open-urls.ts";
import { preflight } from "./preflight/preflight.ts";
import { provision } from "./provision.ts";
import { type BareTargets, copySchema } from "./schema/copy-schema.ts";
import { fingerprint, readSchema } from "./schema/read-schema.ts";
import { verify } from "./verify/verify.ts";

/** What the engine may be told when it is made. */
export interface MysqlOptions {
  /** Sessions on each side that a copy or a comparison may use at once; at least 1. */
  readonly jobs?: number;
}

/** The engine for MySQL and MariaDB: moves a database between servers of the same product, to the same or a newer version. */
export function createMysqlEngine(options: MysqlOptions = {}): Engine {
  const jobs = Math.max(options.jobs ?? DEFAULT_JOBS, 1);
  const bare: BareTargets = new Map();
  return {
    id: "mysql",
    name: "MySQL",
    capabilities,
    judgeStrategy: (strategy, facts) => (strategy === "live" ? judgeLive(facts) : ALLOWED),
    estimate,
    environment,
    ...lookingMethods(),
    ...targetMethods(),
    ...fenceMethods(),
    replication: createReplication(jobs, bare),
    ...copyMethods(jobs, bare),
  };
}

type Looking = "openUrls" | "serverFacts" | "inspect" | "preflight" | "connectedSince" | "schemaFingerprint";

function lookingMethods(): Pick<Engine, Looking> {
  return {
    openUrls: (order, signal) =>
      guarded("Looking at the two databases", signal, () => openUrls(order, signal)),
    serverFacts: (server, signal) =>
      guarded(`Looking at the server ${server.id}`, signal, () => serverFacts(server, signal)),
    inspect: (source, signal) =>
      guarded(`Looking at ${source.database}`, signal, () => inspect(source, signal)),
    preflight: (input, signal) =>
      guarded(`Checking ${input.source.database}`, signal, () => preflight(input, signal)),
    connectedSince: (database, signal) =>
      guarded(`Looking for sessions of ${database.database}`, signal, () => connectedSince(database, signal)),
    schemaFingerprint: (source, signal) =>
      guarded(`Reading the schema of ${source.database}`, signal, async () =>
        fingerprint(await readSchema(source, signal)),
      ),
  };
}

function targetMethods(): Pick<Engine, "provision" | "drop" | "finish" | "close"> {
  return {
    provision: (pair, plan, call) =>
      guarded(`Creating ${pair.target.database}`, call.signal, () => provision(pair, plan, call)),
    drop: (database, signal) =>
      guarded(`Dropping ${database.database}`, signal, () => drop(database, signal)),
    finish: (target, call) =>
      guarded(`Gathering statistics of ${target.database}`, call.signal, () => finish(target, call)),
    close: (source, signal) => guarded(`Closing ${source.database}`, signal, () => close(source, signal)),
  };
}

function fenceMethods(): Pick<Engine, "planFence" | "fence" | "proveFence" | "unfence"> {
  return {
    planFence: (source, signal) =>
      guarded(`Reading the rights on ${source.database}`, signal, () => planFence(source, signal)),
    fence: (source, undo, holder, call) =>
      guarded(`Fencing ${source.database}`, call.signal, () => fence(source, undo, { holder, call })),
    proveFence: (source, hold, signal) =>
      guarded(`Testing the fence of ${source.database}`, signal, () => proveFence(source, hold, signal)),
    unfence: (source, undo, holder, signal) =>
      guarded(`Opening ${source.database} to writes`, signal, () =>
        unfence(source, undo, { holder, signal }),
      ),
  };
}

function copyMethods(jobs: number, bare: BareTargets): Pick<Engine, "copySchema" | "copyData" | "verify"> {
  return {
    copySchema: (pair, call) =>
      guarded(`Copying the schema of ${pair.source.database}`, call.signal, () =>
        copySchema(pair, call, bare),
      ),
    copyData: (pair, hold, call, journal) =>
      guarded(`Copying the data of ${pair.source.database}`, call.signal, () =>
        copyData(pair, hold, { call, jobs, bare, journal }),
      ),
    verify: (pair, hold, call) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () =>
        verify(pair, hold, { call, jobs }),
      ),
  };
}
