import type { ViolationKind } from "./model.ts";
import { type RefusalName, refuse } from "./refusal.ts";
import type { World } from "./world.ts";

/** Records what breaks the contract without being refused. */
export function recordViolation(
  world: World,
  violation: { where: string; error: ViolationKind; message: string },
): void {
  world.violations.push(violation);
}

/** Records a violation and refuses the request. */
export function refuseViolation(
  world: World,
  violation: {
    where: string;
    error: ViolationKind;
    message: string;
    refusal: RefusalName;
    /** What the answer says, where it is not the refusal's own sentence. */
    answer?: string;
  },
): never {
  const { where, error, message, refusal, answer } = violation;
  world.violations.push({ where, error, message });
  refuse(refusal, answer);
}
