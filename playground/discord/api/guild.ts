import { refuse } from "../refusal.ts";
import { guildWire, roleWire } from "./guild-wire.ts";
import { memberWire, userWire } from "./person-wire.ts";
import type { Call } from "./route.ts";
import { defineRoute, ok, param } from "./route.ts";

/** "Discord, Get Gateway Bot": every field is needed. */
export const getGatewayBot = defineRoute({
  name: "GET /gateway/bot",
  auth: "bot",
  limit: "other",
  run: ({ world }) =>
    ok({
      url: world.origin.replace(/^http/, "ws"),
      shards: 1,
      session_start_limit: world.gateway.limits.sessionStartLimit,
    }),
});

export const getOwnUser = defineRoute({
  name: "GET /users/@me",
  auth: "bot",
  limit: "other",
  run: ({ world }) => ok(userWire(world.directory.findUser(world.settings.applicationId))),
});

export const getOwnApplication = defineRoute({
  name: "GET /applications/@me",
  auth: "bot",
  limit: "other",
  run: ({ world }) => {
    const bot = world.directory.findUser(world.settings.applicationId);
    return ok({
      id: bot.id,
      name: bot.displayName,
      description: "",
      icon: null,
      flags: 0,
      bot_public: true,
      bot_require_code_grant: false,
      bot: userWire(bot),
      verify_key: "0".repeat(64),
    });
  },
});

export const getGuild = defineRoute({
  name: "GET /guilds/{guild}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    requireGuild(call);
    return ok(guildWire(call.world));
  },
});

export const getGuildRoles = defineRoute({
  name: "GET /guilds/{guild}/roles",
  auth: "bot",
  limit: "other",
  run: (call) => {
    requireGuild(call);
    return ok([...call.world.directory.roles.values()].map(roleWire));
  },
});

export const getGuildMember = defineRoute({
  name: "GET /guilds/{guild}/members/{user}",
  auth: "bot",
  limit: "other",
  run: (call) => {
    requireGuild(call);
    const person = call.world.directory.users.get(param(call, "user"));
    return person?.isMember ? ok(memberWire(person)) : refuse("unknownMember");
  },
});

function requireGuild(call: Call): void {
  if (param(call, "guild") !== call.world.settings.guildId) refuse("unknownGuild");
}
