import { type Fault, violationMessage } from "./blocks/violation-message.ts";
import { refuse } from "./refusal.ts";
import type { World } from "./world.ts";

/** Records what real Slack would have refused, so that a test can assert there was nothing. */
export function recordViolation(
  world: World,
  violation: { where: string; error: string; faults: readonly Fault[] },
): string[] {
  const messages = violation.faults.map(violationMessage);
  world.violations.push({ where: violation.where, error: violation.error, messages });
  return messages;
}

/** Records a violation and refuses the call in Slack's shape. */
export function refuseViolation(
  world: World,
  violation: { where: string; error: string; faults: readonly Fault[] },
): never {
  const messages = recordViolation(world, violation);
  refuse(violation.error, { errors: messages, response_metadata: { messages } });
}
