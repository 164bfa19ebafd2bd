import type { WebClient } from "@slack/web-api";
import type { Member, MemberKind } from "../../core/member.ts";
import type { PolicyLists } from "../../core/ports/chat.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Log } from "../../core/ports/log.ts";
import { isTimeZone } from "../../core/time-zone.ts";
import { BoundedMap } from "../bounded-map.ts";
import { slackCode } from "./errors.ts";

/** Rights are judged at every action, so what Slack said of a person is believed for at most a minute. */
const CACHE_MS = 60_000;
const CACHE_SIZE = 1_000;

/** The team that the bot is installed in, as `auth.test` told. */
export interface HomeTeam {
  readonly teamId: string;
  readonly enterpriseId: string | null;
}

/** What a payload says of the person; `teamId` is absent on commands. */
export interface PayloadUser {
  readonly id: string;
  readonly name: string;
  readonly teamId?: string | undefined;
}

interface Known {
  readonly kind: MemberKind;
  readonly name: string;
  readonly timeZone?: string | undefined;
}

interface Cached {
  readonly until: number;
  readonly value: Promise<unknown>;
}

interface MembersOptions {
  readonly client: WebClient;
  readonly home: HomeTeam;
  readonly policy: PolicyLists;
  readonly clock: Clock;
  readonly log: Log;
}

type SlackUser = NonNullable<Awaited<ReturnType<WebClient["users"]["info"]>>["user"]>;

/** Looks people up: what kind of account they have and which of the policy's groups they are in. */
export class Members {
  readonly #options: MembersOptions;
  readonly #cache = new BoundedMap<string, Cached>(CACHE_SIZE);

  constructor(options: MembersOptions) {
    this.#options = options;
  }

  /** Never rejects: what cannot be found out is `unknown`, which only an explicit list lets through. */
  async member(user: PayloadUser): Promise<Member> {
    const [known, groups] = await Promise.all([this.#known(user), this.#groupsOf(user.id)]);
    const workspace = this.#options.home.teamId;
    const { name, kind, timeZone } = known;
    const who = { platform: "slack", workspace, id: user.id, name, kind, groups } as const;
    return timeZone === undefined ? who : { ...who, timeZone };
  }

  async #known(user: PayloadUser): Promise<Known> {
    const { home, log } = this.#options;
    if (user.teamId !== undefined && isElsewhere(user.teamId, home))
      return { kind: "external", name: user.name };
    try {
      return await this.#cached(`user ${user.id}`, () => this.#lookUp(user));
    } catch (error) {
      log.warn({ userId: user.id, code: slackCode(error), error }, "slack account not looked up");
      return { kind: "unknown", name: user.name };
    }
  }

  async #lookUp(user: PayloadUser): Promise<Known> {
    const { user: found } = await this.#options.client.users.info({ user: user.id });
    if (found === undefined) return { kind: "unknown", name: user.name };
    const name = found.profile?.display_name || found.real_name || found.name || user.name;
    const timeZone = found.tz && isTimeZone(found.tz) ? found.tz : undefined;
    return { kind: kindOf(found, this.#options.home), name, timeZone };
  }

  async #groupsOf(userId: string): Promise<readonly string[]> {
    const inGroup = await Promise.all(
      this.#options.policy.groups.map(async (group) =>
        (await this.#usersOf(group)).includes(userId) ? [group] : [],
      ),
    );
    return inGroup.flat();
  }

  async #usersOf(group: string): Promise<readonly string[]> {
    try {
      return await this.#cached(`group ${group}`, async () => {
        const { users } = await this.#options.client.usergroups.users.list({ usergroup: group });
        return users ?? [];
      });
    } catch (error) {
      this.#options.log.warn({ group, code: slackCode(error), error }, "slack user group not read");
      return [];
    }
  }

  #cached<T>(key: string, load: () => Promise<T>): Promise<T> {
    const now = this.#options.clock.now().getTime();
    const entry = this.#cache.get(key);
    if (entry !== undefined && entry.until > now) return entry.value as Promise<T>;
    const value = load();
    this.#cache.set(key, { until: now + CACHE_MS, value });
    value.catch(() => this.#cache.delete(key));
    return value;
  }
}

function isElsewhere(teamId: string, home: HomeTeam): boolean {
  return teamId !== home.teamId && teamId !== home.enterpriseId;
}

/** A deleted account counts as external: it has no place in the workspace any more. */
function kindOf(user: SlackUser, home: HomeTeam): MemberKind {
  if (user.is_bot === true || user.is_workflow_bot === true) return "bot";
  if (user.is_stranger === true || user.deleted === true) return "external";
  if (user.is_restricted === true || user.is_ultra_restricted === true) return "guest";
  const sharesEnterprise =
    home.enterpriseId !== null && user.enterprise_user?.enterprise_id === home.enterpriseId;
  if (user.team_id !== undefined && isElsewhere(user.team_id, home) && !sharesEnterprise) return "external";
  return "member";
}
