import type { DatabasePair } from "../../../core/ports/engine.ts";
import type { Replication, ReplicationPlan } from "../../../core/ports/replication.ts";
import { guarded } from "../errors.ts";
import type { SchemaTools } from "../schema/copy-schema.ts";
import type { SchemaMemory } from "../schema/schema-memory.ts";
import type { CompareOptions } from "../verify/compare-tables.ts";
import { type VerifyOptions, verify } from "../verify/verify.ts";
import { ProofAhead } from "./ahead/proof-ahead.ts";
import { drain } from "./drain.ts";
import { endReplication } from "./end.ts";
import { lag } from "./lag.ts";
import { replicationNames } from "./names.ts";
import { prepareTarget } from "./prepare-target.ts";
import { resumeReplication, startReplication } from "./start.ts";
import { withinBacklog } from "./watch-backlog.ts";

type ToolsFor = (
  server: Parameters<Replication["start"]>[0]["target"]["server"],
  signal: AbortSignal,
) => Promise<SchemaTools>;

/** Logical replication with a copy of our own. */
export function createReplication(toolsFor: ToolsFor, schemas: SchemaMemory, jobs: number): Replication {
  const proofs = new Map<string, ProofAhead>();
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
        withinBacklog(pair, plan, {
          call,
          work: (call) => prepareSwitch(pair, plan, { call, jobs, proof: proofFor(proofs, pair, plan.id) }),
        }),
      ),
    drain: (pair, plan, options) =>
      guarded(`Waiting for the last changes of ${pair.source.database}`, options.call.signal, () =>
        drain(pair, plan, options),
      ),
    verify: (pair, plan, { hold, call }) =>
      guarded(`Comparing ${pair.source.database} with its copy`, call.signal, () =>
        verify(pair, hold, { call, jobs, ...compareRest(proofs.get(plan.id), { call, jobs }) }),
      ),
    end: (pair, id, signal) =>
      guarded(`Ending the replication of ${pair.source.database}`, signal, async () => {
        await proofs.get(id)?.close();
        proofs.delete(id);
        await endReplication(pair, id, signal);
      }),
  };
}

type Proofs = Map<string, ProofAhead>;

function proofFor(proofs: Proofs, pair: DatabasePair, id: string): ProofAhead {
  const proof = proofs.get(id) ?? new ProofAhead(pair, replicationNames(id));
  proofs.set(id, proof);
  return proof;
}

async function prepareSwitch(
  pair: DatabasePair,
  plan: ReplicationPlan,
  { call, jobs, proof }: CompareOptions & { readonly proof: ProofAhead },
): Promise<void> {
  await prepareTarget(pair, plan, call);
  await proof.prepare({ call, jobs });
}

/** Only what was changed since `prepareSwitch`, where that was done in this process. */
function compareRest(
  proof: ProofAhead | undefined,
  options: CompareOptions,
): Pick<VerifyOptions, "compareRows"> {
  return proof?.hasCompared !== true ? {} : { compareRows: (tables) => proof.complete(tables, options) };
}
