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
  "redeploy",
  "revert",
  "wait",
  "page",
  "switch",
  "disarm",
  "pause",
  "start",
  "resume",
]);

/** What a pressed button asks for. */
export interface PressedButton {
  readonly action: PressAction;
  readonly migrationId: string;
  readonly planHash: string | null;
  readonly applicationId?: string;
}

/** What is written into a button besides its action. */
export interface ButtonValue {
  readonly migrationId: string;
  readonly planHash?: string | null;
  /** At most 60 characters without a space. */
  readonly applicationId?: string;
}

/** What a button carries: IDs only, at most 86 characters. */
export function writeButton({ migrationId, planHash, applicationId }: ButtonValue): string {
  const about = applicationId ?? planHash;
  return about ? `${migrationId} ${about}` : migrationId;
}

/** Reads a button's action and what `writeButton` wrote; null when they are not ours. */
export function readButton(action: string, value: string): PressedButton | null {
  const [migrationId, about] = value.split(" ");
  if (!isPressAction(action) || !migrationId) return null;
  if (action !== "redeploy") return { action, migrationId, planHash: about ?? null };
  return about ? { action, migrationId, planHash: null, applicationId: about } : null;
}

function isPressAction(action: string): action is PressAction {
  return ACTIONS.has(action);
}
