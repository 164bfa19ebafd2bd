import type { Channel, Person, UserGroup } from "../model.ts";
import {
  type ChannelOptions,
  type GroupOptions,
  makeChannel,
  makeGroup,
  makePerson,
  type PersonOptions,
} from "../people.ts";

/** People, user groups and channels of the workspace. */
export class Directory {
  readonly users = new Map<string, Person>();
  readonly groups = new Map<string, UserGroup>();
  readonly channels = new Map<string, Channel>();

  addUser(options: PersonOptions): Person {
    const person = makePerson(options);
    this.users.set(person.id, person);
    return person;
  }

  addGroup(options: GroupOptions): UserGroup {
    const group = makeGroup(options, (name) => this.findUser(name).id);
    this.groups.set(group.id, group);
    return group;
  }

  addChannel(options: ChannelOptions): Channel {
    const everyone = [...this.users.values()]
      .filter((user) => !user.deleted && !user.isBot)
      .map((user) => user.id);
    const channel = makeChannel(options, { everyone, userId: (name) => this.findUser(name).id });
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** @param key a name or an id */
  findUser(key: string): Person {
    const found =
      this.users.get(key) ?? [...this.users.values()].find((user) => user.name === key.replace(/^@/, ""));
    if (found) return found;
    throw new Error(`no such person: ${key}. There are: ${names(this.users)}`);
  }

  /** @param key `#name`, a name or an id */
  findChannel(key: string): Channel {
    const name = key.replace(/^#/, "");
    const found =
      this.channels.get(key) ?? [...this.channels.values()].find((channel) => channel.name === name);
    if (found) return found;
    throw new Error(`no such channel: ${key}. There are: ${names(this.channels)}`);
  }

  /** The direct conversation of the bot with a person, made on first use. */
  directChannel(userId: string): Channel {
    const id = `D${userId.slice(1)}`;
    const known = this.channels.get(id);
    if (known) return known;
    const channel: Channel = {
      id,
      name: `dm-${this.users.get(userId)?.name ?? userId}`,
      kind: "im",
      members: [userId],
      hasBot: true,
      isArchived: false,
      isExtShared: false,
    };
    this.channels.set(id, channel);
    return channel;
  }
}

function names(items: Map<string, { name: string; id: string }>): string {
  return [...items.values()].map(({ name, id }) => `${name} (${id})`).join(", ");
}
