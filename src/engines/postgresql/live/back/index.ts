import type { DatabasePair } from "../../../../core/ports/engine.ts";
import type { ReverseReplication } from "../../../../core/ports/reverse-replication.ts";
import { guarded } from "../../errors.ts";
import { ProofAhead } from "../ahead/proof-ahead.ts";
import { endReplication } from "../end.ts";
import { replicationNames } from "../names.ts";
import { dropApplier } from "./applier.ts";
import { followChanges } from "./follow.ts";
import { keepChanges } from "./keep.ts";
import { drainBack, prepareReturn, verifyBack } from "./return.ts";
import { backId, backPlan, inReverse } from "./sides.ts";
import { assertBounded, assertFollowing } from "./watch.ts";

/** Logical replication from the new database to the one that was left. */
export function createReverseReplication(jobs: number): ReverseReplication {
  const proofs = new Map<string, ProofAhead>();
  return {
    keep: (pair, plan, signal) =>
      guarded(`Keeping the changes of ${pair.source.database}`, signal, () =>
        keepChanges(pair, backPlan(plan), signal),
      ),
    follow: (pair, plan, options) =>
      guarded(`Letting ${pair.target.database} follow`, options.signal, () =>
        followChanges(pair, backPlan(plan), options),
      ),
    ...watching(),
    ...returning(jobs, proofs),
    end: (pair, id, signal) =>
      guarded(`Ending what ${pair.target.database} follows`, signal, () =>
        inReverse(async () => {
          await proofs.get(id)?.close();
          proofs.delete(id);
          await endReplication(pair, backId(id), signal);
          await dropApplier(pair.target, backId(id), signal);
        }),
      ),
  };
}

function watching(): Pick<ReverseReplication, "assertBounded" | "assertFollowing"> {
  const action = ({ target }: DatabasePair) => `Looking whether ${target.database} follows`;
  return {
    assertBounded: (pair, plan, signal) =>
      guarded(action(pair), signal, () => assertBounded(pair, backPlan(plan), signal)),
    assertFollowing: (pair, followed, signal) =>
      guarded(action(pair), signal, async () => {
        await assertFollowing(pair, backPlan(followed), signal);
      }),
  };
}

type Returning = Pick<ReverseReplication, "prepareReturn" | "drain" | "verify">;

function returning(jobs: number, proofs: Map<string, ProofAhead>): Returning {
  return {
    prepareReturn: (pair, followed, call) =>
      guarded(`Comparing ${pair.source.database} with ${pair.target.database}`, call.signal, () => {
        const names = replicationNames(backId(followed.id));
        const proof = proofs.get(followed.id) ?? new ProofAhead(pair, names);
        proofs.set(followed.id, proof);
        return prepareReturn(pair, backPlan(followed), { call, jobs, proof });
      }),
    drain: (pair, followed, { hold, call }) =>
      guarded(`Waiting for the last changes of ${pair.source.database}`, call.signal, () =>
        drainBack(pair, backPlan(followed), { hold, call }),
      ),
    verify: (pair, followed, { hold, call }) =>
      guarded(`Comparing ${pair.source.database} with ${pair.target.database}`, call.signal, () =>
        verifyBack(pair, { hold, call, jobs, proof: proofs.get(followed.id) }),
      ),
  };
}
