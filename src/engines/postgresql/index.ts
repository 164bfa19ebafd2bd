import type { Engine } from "../../core/ports/engine.ts";
import { ALLOWED, refused, type Verdict } from "../../core/verdict.ts";
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
import { DEFAULT_JOBS } from "./pool.ts";
import { preflight } from "./preflight/preflight.ts";
import { provision } from "./provision.ts";
import { copySchema, type SchemaTools } from "./schema/copy-schema.ts";
import { schemaFingerprint } from "./schema-fingerprint.ts";
import { createPgClientFinder } from "./tools.ts";
import { verify } from "./verify/verify.ts";

/** What the engine may be told when it is made. */
export interface PostgresqlOptions {
  /** Sessions on each side that a copy or a comparison may use at once; at least 1. */
  readonly jobs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

function judgeStrategy(strategy: string): Verdict {
  if (strategy === "dump") return ALLOWED;
  return refused({
    code: "strategy-not-built",
    summary: "Godwit does not replicate PostgreSQL databases yet.",
    remedy: "Choose the strategy that copies inside the read-only window.",
    field: "strategy",
  });
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
    return { client: await findClient(Number(version)), jobs };
  };
  return {
    id: "postgresql",
    name: "PostgreSQL",
    capabilities: { strategies: ["dump"] },
    judgeStrategy,
    estimate,
    environment,
    ...lookingMethods(),
    ...targetMethods(jobs),
    ...fenceMethods(),
    ...copyMethods(jobs, toolsFor),
  };
}

type ToolsFor = (server: Parameters<Engine["serverFacts"]>[0], signal: AbortSignal) => Promise<SchemaTools>;

type Looking = "serverFacts" | "inspect" | "preflight" | "connectedSince" | "schemaFingerprint";

function lookingMethods(): Pick<Engine, Looking> {
  return {
    serverFacts: (server, signal) =>
      guarded(`Looking at the server ${server.id}`, signal, () => serverFacts(server, signal)),
    inspect: (source, signal) =>
      guarded(`Looking at ${source.database}`, signal, () => inspect(source, signal)),
    preflight: (input, signal) =>
      guarded(`Checking ${input.source.database}`, signal, () => preflight(input, signal)),
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

function copyMethods(jobs: number, toolsFor: ToolsFor): Pick<Engine, "copySchema" | "copyData" | "verify"> {
  return {
    copySchema: (pair, call) =>
      guarded(`Copying the schema of ${pair.source.database}`, call.signal, async () =>
        copySchema(pair, call, await toolsFor(pair.target.server, call.signal)),
      ),
    copyData: (pair, hold, call) =>
      guarded(`Copying the data of ${pair.source.database}`, call.signal, async () =>
        copyData(pair, hold, { call, tools: await toolsFor(pair.target.server, call.signal) }),
      ),
    verify: (pair, hold, call) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () =>
        verify(pair, hold, { call, jobs }),
      ),
  };
}
