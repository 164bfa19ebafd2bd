import { z } from "zod";
import type { Json, Person } from "../model.ts";
import { refuse } from "../refusal.ts";
import { count, defineMethod, flag } from "./method.ts";

export const authTest = defineMethod({
  name: "auth.test",
  token: "any",
  tier: "none",
  args: z.strictObject({}),
  run: ({ world: { settings }, token }) =>
    token.kind === "app"
      ? { app_name: "Godwit", app_id: settings.appId }
      : {
          url: `https://${settings.teamDomain}.slack.com/`,
          team: "Local workspace",
          user: "godwit",
          team_id: settings.teamId,
          user_id: settings.botUserId,
          bot_id: settings.botId,
          is_enterprise_install: false,
        },
});

export const appsConnectionsOpen = defineMethod({
  name: "apps.connections.open",
  token: "app",
  tier: "none",
  scopes: ["connections:write"],
  args: z.strictObject({}),
  run: ({ world }) => ({ url: world.socket.issueUrl(world.origin) }),
});

export const usersInfo = defineMethod({
  name: "users.info",
  tier: 4,
  scopes: ["users:read"],
  args: z.strictObject({ user: z.string(), include_locale: flag }),
  run: ({ world, token, args }) => {
    const person = world.directory.users.get(args.user) ?? refuse("user_not_found");
    return { user: userWire(person, token.scopes.has("users:read.email")) };
  },
});

function userWire(person: Person, withEmail: boolean): Json {
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    real_name: person.realName,
    deleted: person.deleted,
    tz: person.timezone,
    is_admin: person.isAdmin,
    is_owner: false,
    is_restricted: person.isRestricted,
    is_ultra_restricted: person.isUltraRestricted,
    is_bot: person.isBot,
    is_app_user: false,
    ...(person.isStranger ? { is_stranger: true } : {}),
    profile: {
      real_name: person.realName,
      display_name: person.name,
      team: person.teamId,
      ...(withEmail ? { email: person.email } : {}),
    },
  };
}

export const usergroupsList = defineMethod({
  name: "usergroups.list",
  tier: 2,
  scopes: ["usergroups:read"],
  args: z.strictObject({ include_users: flag, include_count: flag, include_disabled: flag }),
  run: ({ world, args }) => ({
    usergroups: [...world.directory.groups.values()]
      .filter((group) => group.dateDelete === 0 || args.include_disabled === true)
      .map((group) => ({
        id: group.id,
        team_id: world.settings.teamId,
        is_usergroup: true,
        handle: group.handle,
        name: group.name,
        date_delete: group.dateDelete,
        ...(args.include_users === true ? { users: group.users } : {}),
        ...(args.include_count === true ? { user_count: group.users.length } : {}),
      })),
  }),
});

export const usergroupsUsersList = defineMethod({
  name: "usergroups.users.list",
  tier: 2,
  scopes: ["usergroups:read"],
  args: z.strictObject({ usergroup: z.string(), include_disabled: flag, limit: count }),
  run: ({ world, args }) => {
    const group = world.directory.groups.get(args.usergroup) ?? refuse("no_such_subteam");
    if (group.dateDelete !== 0 && args.include_disabled !== true) refuse("subteam_not_found");
    return { users: group.users };
  },
});
