import type { PressAction } from "../../core/ports/chat.ts";

const ACTIONS: ReadonlySet<string> = new Set<PressAction>([
  "confirm",
  "consent",
  "cancel",
  "recheck",
  "retry",
  "acknowledge",
  "solve",
  "return",
  "switch",
  "disarm",
  "pause",
  "resume",
]);

/** What a pressed button asks for. */
export interface PressedButton {
  readonly action: PressAction;
  readonly migrationId: string;
  readonly planHash: string | null;
}

/** What is written into a button besides its action. */
export interface ButtonValue {
  readonly migrationId: string;
  readonly planHash?: string | null;
}

/** What a button carries: IDs only, at most 86 characters. */
export function writeButton({ migrationId, planHash }: ButtonValue): string {
  return planHash ? `${migrationId} ${planHash}` : migrationId;
}

/** Reads a button's action and what `writeButton` wrote; null when they are not ours. */
export function readButton(action: string, value: string): PressedButton | null {
  const [migrationId, planHash] = value.split(" ");
  if (!isPressAction(action) || !migrationId) return null;
  return { action, migrationId, planHash: planHash ?? null };
}

function isPressAction(action: string): action is PressAction {
  return ACTIONS.has(action);
}
