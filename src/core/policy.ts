import type { Member, PlatformId } from "./member.ts";
import { ALLOWED, refused, type Verdict } from "./verdict.ts";

/** Who may migrate on one platform; both lists empty means every full member of the workspace. */
export interface PlatformPolicy {
  readonly users: readonly string[];
  /** User groups (Slack) or roles (Discord). */
  readonly groups: readonly string[];
}

/** What a person may do: migrate, or freeze and unfreeze Godwit. */
export type Right = "migrate" | "freeze";

/** Who may do what, per platform. Who may freeze is who may migrate, unless a list says otherwise. */
export interface Policy {
  readonly migrate: Readonly<Partial<Record<PlatformId, PlatformPolicy>>>;
  readonly freeze?: Readonly<Partial<Record<PlatformId, PlatformPolicy>>>;
}

const ASK = "Ask an operator of Godwit to add you to policy.migrate in godwit.yaml.";

const ASK_FREEZE = "Ask an operator of Godwit to add you to policy.freeze in godwit.yaml.";

/** Everybody whom the policy names on a platform, so that groups are looked up once. */
export function namedIn(policy: Policy, platform: PlatformId): PlatformPolicy {
  const lists = [listOf(policy, platform, "migrate"), listOf(policy, platform, "freeze")];
  return {
    users: [...new Set(lists.flatMap(({ users }) => users))],
    groups: [...new Set(lists.flatMap(({ groups }) => groups))],
  };
}

function listOf({ migrate, freeze }: Policy, platform: PlatformId, right: Right): PlatformPolicy {
  const all = migrate[platform] ?? { users: [], groups: [] };
  const few = right === "freeze" ? freeze?.[platform] : undefined;
  return few && few.users.length + few.groups.length > 0 ? few : all;
}

/** Judges whether a person may use Godwit: guests, bots and people of other workspaces never may. */
export function judgeMember(member: Member, policy: Policy, right: Right = "migrate"): Verdict {
  if (member.kind === "bot") return no("bot", "Bots cannot migrate databases.");
  if (member.kind === "external")
    return no("external", "People from outside this workspace or server cannot migrate databases here.");
  if (member.kind === "guest") return no("guest", "Guest accounts cannot migrate databases.");
  const list = listOf(policy, member.platform, right);
  if (list.users.length === 0 && list.groups.length === 0) return judgeOpenPolicy(member);
  if (list.users.includes(member.id)) return ALLOWED;
  if (member.groups.some((group) => list.groups.includes(group))) return judgeOpenPolicy(member);
  return right === "freeze"
    ? no("not-allowed", "You are not among the people who may freeze Godwit.", ASK_FREEZE)
    : no("not-allowed", "You are not among the people who may migrate databases.", ASK);
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
