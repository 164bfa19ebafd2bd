import { WebClient } from "@slack/web-api";
import type { Diagnosis } from "../../core/ports/provider.ts";
import type { SlackClients } from "./client.ts";
import type { SlackConfig } from "./config.ts";
import { slackCode } from "./errors.ts";

const TIMEOUT_MS = 5_000;

/** Scopes that Godwit uses, with what is lost without each. */
const SCOPES: readonly { readonly scope: string; readonly needed: boolean; readonly without: string }[] = [
  { scope: "commands", needed: true, without: "nobody can type /db" },
  { scope: "chat:write", needed: true, without: "Godwit cannot post or edit messages" },
  {
    scope: "users:read",
    needed: false,
    without: "guests cannot be told from members, so only people listed in policy.migrate may migrate",
  },
  {
    scope: "usergroups:read",
    needed: false,
    without: "user groups in policy.migrate and support.slack cannot be checked",
  },
  {
    scope: "chat:write.public",
    needed: false,
    without: "Godwit must be invited to a public channel before it can post there",
  },
];

/** Lines of `godwit doctor`: the token, the app token, each scope, and the support group. */
export async function diagnoseSlack(
  config: SlackConfig,
  clients: SlackClients,
): Promise<readonly Diagnosis[]> {
  const token = await diagnoseToken(clients.interactive);
  if (token.scopes === null) return [token.diagnosis];
  const scopes = new Set(token.scopes);
  return [
    token.diagnosis,
    ...(config.appToken === undefined ? [] : [await diagnoseAppToken(config, config.appToken)]),
    ...SCOPES.map(({ scope, needed, without }) =>
      diagnoseScope({ scope, needed, without, granted: scopes.has(scope) }),
    ),
    ...(await diagnoseSupport(config, clients.interactive, scopes)),
  ];
}

async function diagnoseToken(
  client: WebClient,
): Promise<{ diagnosis: Diagnosis; scopes: readonly string[] | null }> {
  const subject = "Slack bot token";
  try {
    const { team, user, response_metadata: metadata } = await client.auth.test();
    const detail = `@${user ?? "unknown"} in ${team ?? "unknown"}`;
    return { diagnosis: { subject, ok: true, detail }, scopes: metadata?.scopes ?? [] };
  } catch (error) {
    const detail = slackCode(error) ?? "Slack cannot be reached";
    const remedy = "Check SLACK_BOT_TOKEN and SLACK_API_URL, and that this machine reaches Slack.";
    return { diagnosis: { subject, ok: false, detail, remedy }, scopes: null };
  }
}

async function diagnoseAppToken({ apiUrl }: SlackConfig, appToken: string): Promise<Diagnosis> {
  const subject = "Slack app token";
  const client = new WebClient(appToken, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    timeout: TIMEOUT_MS,
  });
  try {
    await client.apps.connections.open({});
    return { subject, ok: true, detail: "Socket Mode can connect" };
  } catch (error) {
    const detail = slackCode(error) ?? "Slack cannot be reached";
    return {
      subject,
      ok: false,
      detail,
      remedy: "Set SLACK_APP_TOKEN to a token with connections:write, and turn Socket Mode on.",
    };
  }
}

function diagnoseScope(asked: {
  scope: string;
  needed: boolean;
  without: string;
  granted: boolean;
}): Diagnosis {
  const subject = `Slack scope ${asked.scope}`;
  if (asked.granted) return { subject, ok: true, detail: "granted" };
  if (!asked.needed) return { subject, ok: true, detail: `not granted: ${asked.without}` };
  return {
    subject,
    ok: false,
    detail: `not granted: ${asked.without}`,
    remedy: "Add it to the app and install the app again.",
  };
}

async function diagnoseSupport(
  { support }: SlackConfig,
  client: WebClient,
  scopes: ReadonlySet<string>,
): Promise<Diagnosis[]> {
  const subject = "Slack support";
  const remedy = "Set support.slack.usergroup or support.slack.users in godwit.yaml.";
  if (support.usergroup === undefined) {
    if (support.users.length > 0)
      return [{ subject, ok: true, detail: `${support.users.length} users are mentioned` }];
    return [{ subject, ok: false, detail: "nobody is mentioned when a migration fails", remedy }];
  }
  if (!scopes.has("usergroups:read"))
    return [{ subject, ok: true, detail: `${support.usergroup}, not checked` }];
  return [await diagnoseGroup(client, support.usergroup)];
}

async function diagnoseGroup(client: WebClient, id: string): Promise<Diagnosis> {
  const subject = "Slack support";
  try {
    const { usergroups } = await client.usergroups.list({ include_users: true, include_disabled: true });
    const group = usergroups?.find((candidate) => candidate.id === id);
    if (group === undefined)
      return {
        subject,
        ok: false,
        detail: `there is no user group ${id}`,
        remedy: "Correct support.slack.usergroup.",
      };
    if ((group.date_delete ?? 0) > 0)
      return {
        subject,
        ok: false,
        detail: `@${group.handle} is disabled`,
        remedy: "Enable the user group in Slack.",
      };
    if ((group.users ?? []).length === 0)
      return {
        subject,
        ok: false,
        detail: `@${group.handle} has no members`,
        remedy: "Add people to the user group.",
      };
    return { subject, ok: true, detail: `@${group.handle} with ${group.users?.length} people` };
  } catch (error) {
    return {
      subject,
      ok: false,
      detail: slackCode(error) ?? "Slack cannot be reached",
      remedy: "Run godwit doctor again.",
    };
  }
}
