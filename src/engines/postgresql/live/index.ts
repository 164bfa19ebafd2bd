import type { Replication } from "../../../core/ports/replication.ts";
import { guarded } from "../errors.ts";
import type { SchemaTools } from "../schema/copy-schema.ts";
import type { SchemaMemory } from "../schema/schema-memory.ts";
import { verify } from "../verify/verify.ts";
import { drain } from "./drain.ts";
import { endReplication } from "./end.ts";
import { lag } from "./lag.ts";
import { prepareSwitch } from "./prepare-switch.ts";
import { resumeReplication, startReplication } from "./start.ts";

type ToolsFor = (
  server: Parameters<Replication["start"]>[0]["target"]["server"],
  signal: AbortSignal,
) => Promise<SchemaTools>;

/** Logical replication with a copy of our own. */
export function createReplication(toolsFor: ToolsFor, schemas: SchemaMemory, jobs: number): Replication {
  return {
    start: (pair, plan, call) =>
      guarded(`Replicating ${pair.source.database}`, call.signal, async () =>
        startReplication(pair, plan, {
          call,
          schemas,
          tools: await toolsFor(pair.target.server, call.signal),
        }),
      ),
    resume: (pair, plan, signal) =>
      guarded(`Going on with the replication of ${pair.source.database}`, signal, () =>
        resumeReplication(pair, plan, signal),
      ),
    lag: (pair, plan, signal) =>
      guarded(`Looking at the replication of ${pair.source.database}`, signal, () => lag(pair, plan, signal)),
    prepareSwitch: (pair, plan, call) =>
      guarded(`Preparing the switch of ${pair.source.database}`, call.signal, () =>
        prepareSwitch(pair, plan, call),
      ),
    drain: (pair, plan, options) =>
      guarded(`Waiting for the last changes of ${pair.source.database}`, options.call.signal, () =>
        drain(pair, plan, options),
      ),
    verify: (pair, _plan, { hold, call }) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () =>
        verify(pair, hold, { call, jobs }),
      ),
    end: (pair, id, signal) =>
      guarded(`Ending the replication of ${pair.source.database}`, signal, () =>
        endReplication(pair, id, signal),
      ),
  };
}
