import type { Answer } from "../core/answer.ts";
import type { Actor } from "../core/member.ts";
import type { Refusal } from "../core/verdict.ts";
import type { Dependencies } from "./dependencies.ts";
import { frozen } from "./refuse-frozen.ts";
import { settleFreeze } from "./settle-freeze.ts";

/** Longest reason that is taken, in characters. */
const REASON = 300;

/**
 * Keeps every migration from starting and from switching, in all processes, until somebody ends it. Those that run
 * stand still at their next safe point; one whose source is read-only goes on to its end.
 */
export async function freeze(
  deps: Dependencies,
  { reason, by }: { readonly reason: string; readonly by: Actor },
): Promise<Answer> {
  const why = reason.trim().replace(/[.\s]+$/, "");
  if (why === "") return { kind: "refused", refusal: noReason() };
  const cut = Array.from(why).slice(0, REASON).join("");
  const begun = await deps.store.transaction((tx) => tx.beginFreeze(cut, by));
  if (!begun) {
    const present = await deps.store.freeze();
    return { kind: "refused", refusal: present ? frozen(present, "It is frozen already") : tryAgain() };
  }
  deps.log.info({ freezeId: begun.id, by: by.id, platform: by.platform }, "godwit is frozen");
  await settleFreeze(deps);
  return { kind: "frozen", freeze: begun };
}

/** Ends the freeze: what it held goes on by itself. */
export async function unfreeze(deps: Dependencies, by: Actor): Promise<Answer> {
  const ended = await deps.store.transaction((tx) => tx.endFreeze(by));
  if (!ended) return { kind: "refused", refusal: notFrozen() };
  deps.log.info({ freezeId: ended.id, by: by.id, platform: by.platform }, "godwit is unfrozen");
  await settleFreeze(deps);
  return { kind: "unfrozen", freeze: ended };
}

function noReason(): Refusal {
  return {
    code: "no-reason",
    summary: "Say why: everybody whose migration is held reads it.",
    remedy: "Type the reason behind the command, such as /db freeze the payment provider is down.",
  };
}

function notFrozen(): Refusal {
  return { code: "not-frozen", summary: "Godwit is not frozen.", remedy: "There is nothing to do." };
}

function tryAgain(): Refusal {
  return {
    code: "freeze-raced",
    summary: "Somebody has ended another freeze at the same moment.",
    remedy: "Type the command again if it is still wanted.",
  };
}
