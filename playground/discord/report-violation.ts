import { type RefusalName, refuse } from "./refusal.ts";
import { type Finding, findingMessage, nestFindings } from "./validation/finding.ts";
import type { World } from "./world.ts";

/** Records what real Discord would have refused, and refuses it with 50035 and Discord's nested errors. */
export function refuseFindings(world: World, where: string, findings: readonly Finding[]): never {
  world.violations.push({ where, code: 50_035, messages: findings.map(findingMessage) });
  refuse("invalidBody", { errors: nestFindings(findings) });
}

/** Records a misuse and refuses it with its own code. */
export function refuseMisuse(
  world: World,
  misuse: { where: string; name: RefusalName; code: number; message: string },
): never {
  world.violations.push({ where: misuse.where, code: misuse.code, messages: [misuse.message] });
  refuse(misuse.name);
}
