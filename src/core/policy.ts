import type { Member, PlatformId } from "./member.ts";
import { ALLOWED, refused, type Verdict } from "./verdict.ts";

/** Who may migrate on one platform; both lists empty means every full member of the workspace. */
export interface PlatformPolicy {
  readonly users: readonly string[];
  /** User groups (Slack) or roles (Discord). */
  readonly groups: readonly string[];
}

/** Who may migrate, per platform. */
export interface Policy {
  readonly migrate: Readonly<Partial<Record<PlatformId, PlatformPolicy>>>;
}

const ASK = "Ask an operator of Godwit to add you to policy.migrate in godwit.yaml.";

/** Judges whether a person may use Godwit: guests, bots and people of other workspaces never may. */
export function judgeMember(member: Member, policy: Policy): Verdict {
  if (member.kind === "bot") return no("bot", "Bots cannot migrate databases.");
  if (member.kind === "external")
    return no("external", "People from outside this workspace or server cannot migrate databases here.");
  if (member.kind === "guest") return no("guest", "Guest accounts cannot migrate databases.");
  const list = policy.migrate[member.platform] ?? { users: [], groups: [] };
  if (list.users.length === 0 && list.groups.length === 0) return judgeOpenPolicy(member);
  if (list.users.includes(member.id)) return ALLOWED;
  if (member.groups.some((group) => list.groups.includes(group))) return judgeOpenPolicy(member);
  return no("not-allowed", "You are not among the people who may migrate databases.", ASK);
}

function judgeOpenPolicy(member: Member): Verdict {
  if (member.kind === "member") return ALLOWED;
  const summary = "Godwit cannot tell whether you are a full member of this workspace, so it does nothing.";
  return no(
    "unknown-member",
    summary,
    "Grant Godwit the users:read scope, or list your user ID in policy.migrate.",
  );
}

function no(code: string, summary: string, remedy = "Ask a full member of the team to do it."): Verdict {
  return refused({ code, summary, remedy });
}
