import type { DatabaseFacts, Engine } from "../../core/ports/engine.ts";
import type { Strategy } from "../../core/target.ts";
import { ALLOWED, type Verdict } from "../../core/verdict.ts";
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
import { createReverseReplication } from "./live/back/index.ts";
import { createReplication } from "./live/index.ts";
import { judgeLive } from "./live/judge-live.ts";
import { openUrls } from "./open-urls.ts";
import { preflight } from "./preflight/preflight.ts";
import { provision } from "./provision.ts";
import { createReversal } from "./reversal.ts";
import type { SchemaTools } from "./schema/copy-schema.ts";
import { SchemaMemory } from "./schema/schema-memory.ts";
import { schemaFingerprint } from "./schema-fingerprint.ts";
import { createPgClientFinder, type FindPgClient } from "./tools.ts";
import { verify } from "./verify/verify.ts";

/** What the engine may be told when it is made. */
export interface PostgresqlOptions {
  /** Sessions on each side that a copy or a comparison may use at once; at least 1. */
  readonly jobs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

function judgeStrategy(strategy: Strategy, facts: DatabaseFacts): Verdict {
  return strategy === "live" ? judgeLive(facts) : ALLOWED;
}

/** The PostgreSQL engine: moves a database between servers of the same or a newer version. */
export function createPostgresqlEngine(options: PostgresqlOptions = {}): Engine {
  const jobs = Math.max(options.jobs ?? DEFAULT_JOBS, 1);
  const findClient = createPgClientFinder({
    env: options.env ?? process.env,
    cwd: options.cwd ?? process.cwd(),
  });
  const toolsFor: ToolsFor = async (server, signal) => {
    const { version } = await serverFacts(server, signal);
    return { client: await findClient(Number(version)), targetMajor: Number(version), jobs };
  };
  const schemas = new SchemaMemory();
  return {
    id: "postgresql",
    name: "PostgreSQL",
    capabilities,
    judgeStrategy,
    estimate,
    environment,
    replication: createReplication(toolsFor, schemas, jobs),
    reversal: createReversal(jobs),
    reverseReplication: createReverseReplication(jobs),
    ...lookingMethods(findClient),
    ...targetMethods(jobs),
    ...fenceMethods(),
    ...copyMethods(jobs, toolsFor, schemas),
  };
}

type ToolsFor = (server: Parameters<Engine["serverFacts"]>[0], signal: AbortSignal) => Promise<SchemaTools>;

type Looking = "openUrls" | "serverFacts" | "inspect" | "preflight" | "connectedSince" | "schemaFingerprint";

function lookingMethods(findClient: FindPgClient): Pick<Engine, Looking> {
  return {
    openUrls: (order, signal) =>
      guarded("Looking at the two databases", signal, () => openUrls(order, signal)),
    serverFacts: (server, signal) =>
      guarded(`Looking at the server ${server.id}`, signal, () => serverFacts(server, signal)),
    inspect: (source, signal) =>
      guarded(`Looking at ${source.database}`, signal, () => inspect(source, signal)),
    preflight: (input, signal) =>
      guarded(`Checking ${input.source.database}`, signal, () => preflight(input, signal, { findClient })),
    connectedSince: (database, signal) =>
      guarded(`Looking for sessions of ${database.database}`, signal, () => connectedSince(database, signal)),
    schemaFingerprint: (source, signal) =>
      guarded(`Reading the schema of ${source.database}`, signal, () => schemaFingerprint(source, signal)),
  };
}

function targetMethods(jobs: number): Pick<Engine, "provision" | "drop" | "finish" | "close"> {
  return {
    provision: (pair, plan, call) =>
      guarded(`Creating ${pair.target.database}`, call.signal, () => provision(pair, plan, call)),
    drop: (database, signal) =>
      guarded(`Dropping ${database.database}`, signal, () => drop(database, signal)),
    finish: (target, call) =>
      guarded(`Gathering statistics of ${target.database}`, call.signal, () =>
        finish(target, { call, jobs }),
      ),
    close: (source, signal) => guarded(`Closing ${source.database}`, signal, () => close(source, signal)),
  };
}

function fenceMethods(): Pick<Engine, "planFence" | "fence" | "proveFence" | "unfence"> {
  return {
    planFence: (source, signal) =>
      guarded(`Reading the settings of ${source.database}`, signal, () => planFence(source, signal)),
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

function copyMethods(
  jobs: number,
  toolsFor: ToolsFor,
  schemas: SchemaMemory,
): Pick<Engine, "copySchema" | "copyData" | "verify"> {
  return {
    copySchema: (pair, call) =>
      guarded(`Copying the schema of ${pair.source.database}`, call.signal, async () =>
        schemas.copy(pair, call, await toolsFor(pair.target.server, call.signal)),
      ),
    copyData: (pair, hold, call, journal) =>
      guarded(`Copying the data of ${pair.source.database}`, call.signal, async () => {
        const tools = await toolsFor(pair.target.server, call.signal);
        return copyData(pair, hold, { call, tools, schemas, journal });
      }),
    verify: (pair, hold, call) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () =>
        verify(pair, hold, { call, jobs }),
      ),
  };
}
