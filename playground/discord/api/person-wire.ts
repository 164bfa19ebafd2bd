import { guestFlag } from "../flags.ts";
import type { Json, Person } from "../model.ts";

/** A user in the shape Discord sends ("Discord, User Object"). */
export function userWire(person: Person): Json {
  return {
    id: person.id,
    username: person.name,
    discriminator: person.isBot ? "1234" : "0",
    global_name: person.isBot ? null : person.displayName,
    avatar: null,
    bot: person.isBot,
    public_flags: 0,
    flags: 0,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
  };
}

/** A member in the shape Discord sends, without the permissions that interactions add ("Discord, Guild Member Object"). */
export function memberWire(person: Person): Json {
  return {
    user: userWire(person),
    nick: null,
    avatar: null,
    banner: null,
    roles: person.roles,
    joined_at: new Date(person.joinedAtMs).toISOString(),
    premium_since: null,
    communication_disabled_until: null,
    deaf: false,
    mute: false,
    pending: false,
    flags: person.isGuest ? guestFlag : 0,
  };
}
