import type { Clock } from "../../local/clock.ts";
import type { Ids } from "../ids.ts";
import type { Channel, Person, Role } from "../model.ts";
import {
  type ChannelOptions,
  everyoneRole,
  makeChannel,
  makePerson,
  makeRole,
  type PersonOptions,
  type RoleOptions,
} from "../people.ts";

/** People, roles, channels and threads of the guild. */
export class Directory {
  readonly users = new Map<string, Person>();
  readonly roles = new Map<string, Role>();
  readonly channels = new Map<string, Channel>();
  readonly #ids: Ids;
  readonly #clock: Clock;

  constructor(ids: Ids, clock: Clock) {
    this.#ids = ids;
    this.#clock = clock;
    const everyone = everyoneRole();
    this.roles.set(everyone.id, everyone);
  }

  addUser(options: PersonOptions): Person {
    const roleId = (name: string): string => this.findRole(name).id;
    const person = makePerson(options, { id: () => this.#ids.next(), roleId });
    this.users.set(person.id, person);
    return person;
  }

  addRole(options: RoleOptions): Role {
    const role = makeRole(options, { id: () => this.#ids.next(), position: this.roles.size });
    this.roles.set(role.id, role);
    return role;
  }

  addChannel(options: ChannelOptions): Channel {
    const channel = makeChannel(options, {
      id: () => this.#ids.next(),
      nowMs: this.#clock.now(),
      userId: (name) => this.findUser(name).id,
    });
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** @param key a name or an id */
  findUser(key: string): Person {
    const name = key.replace(/^@/, "");
    const found = this.users.get(key) ?? [...this.users.values()].find((user) => user.name === name);
    if (found) return found;
    throw new Error(`no such person: ${key}. There are: ${names(this.users)}`);
  }

  /** @param key a name or an id */
  findRole(key: string): Role {
    const name = key.replace(/^@/, "");
    const found = this.roles.get(key) ?? [...this.roles.values()].find((role) => role.name === name);
    if (found) return found;
    throw new Error(`no such role: ${key}. There are: ${names(this.roles)}`);
  }

  /** @param key `#name`, a name or an id; threads too */
  findChannel(key: string): Channel {
    const name = key.replace(/^#/, "");
    const found =
      this.channels.get(key) ??
      [...this.channels.values()].find((channel) => channel.name === name && !channel.isDeleted);
    if (found) return found;
    throw new Error(`no such channel: ${key}. There are: ${names(this.channels)}`);
  }

  /** Ids of the people who see a channel; a thread is seen by those who see its parent. */
  membersOf(channel: Channel): string[] {
    const parent = channel.parentId === null ? undefined : this.channels.get(channel.parentId);
    if (parent) return this.membersOf(parent);
    if (channel.members !== "everyone") return channel.members;
    return [...this.users.values()].filter(({ isMember }) => isMember).map(({ id }) => id);
  }

  /** The person's permissions in the guild: those of everyone and of their roles together. */
  permissionsOf(person: Person): bigint {
    const everyone = [...this.roles.values()].find(({ name }) => name === "@everyone");
    return [everyone?.id ?? "", ...person.roles]
      .map((roleId) => BigInt(this.roles.get(roleId)?.permissions ?? "0"))
      .reduce((sum, permissions) => sum | permissions, 0n);
  }
}

function names(items: ReadonlyMap<string, { readonly name: string; readonly id: string }>): string {
  return [...items.values()].map(({ name, id }) => `${name} (${id})`).join(", ");
}
