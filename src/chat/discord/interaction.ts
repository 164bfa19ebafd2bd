import { ApplicationCommandOptionType, ComponentType, InteractionType, MessageFlags } from "discord.js";
import { z } from "zod";

const user = z.object({
  id: z.string(),
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().default(false),
});

const frame = z.object({
  id: z.string(),
  token: z.string(),
  type: z.enum(InteractionType),
  guild_id: z.string().optional(),
  channel_id: z.string().optional(),
  channel: z.object({ id: z.string() }).optional(),
  app_permissions: z.string().regex(/^\d+$/u).default("0"),
  member: z
    .object({
      user,
      nick: z.string().nullish(),
      roles: z.array(z.string()),
      flags: z.int().default(0),
      pending: z.boolean().default(false),
    })
    .optional(),
  user: user.optional(),
  message: z.object({ flags: z.int().default(0) }).optional(),
  data: z.unknown().optional(),
});

const typedOption = z.object({
  type: z.enum(ApplicationCommandOptionType),
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean()]).default(""),
  focused: z.boolean().default(false),
});
const commandData = z.object({
  name: z.string(),
  options: z.array(typedOption.extend({ options: z.array(typedOption).default([]) })).default([]),
});
const componentData = z.object({
  custom_id: z.string(),
  component_type: z.enum(ComponentType),
  values: z.array(z.string()).default([]),
});
const field = z.object({
  custom_id: z.string().optional(),
  values: z.array(z.string()).default([]),
  value: z.unknown().optional(),
});
const modalData = z.object({
  custom_id: z.string(),
  components: z.array(z.object({ component: field.optional() })),
});

/** Who did something, as the payload tells. */
export interface PayloadUser {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  /** Bits (Discord, "Guild", Guild Member Flags); 0 outside a server. */
  readonly memberFlags: number;
  readonly isPending: boolean;
  readonly roles: readonly string[];
}

interface Frame {
  readonly id: string;
  readonly token: string;
  /** Null in a direct message. */
  readonly guildId: string | null;
  readonly channelId: string;
  /** What the bot may do in this channel, bits. */
  readonly appPermissions: bigint;
  readonly user: PayloadUser;
  /** Whether the message that it came from is seen by this person alone. */
  readonly isOnEphemeral: boolean;
}

type Options = Readonly<Record<string, string>>;

/** What a person did, as far as Godwit reads it. */
export type Interaction = Frame &
  (
    | { readonly kind: "command"; readonly name: string; readonly options: Options }
    | {
        readonly kind: "autocomplete";
        readonly name: string;
        readonly options: Options;
        readonly focused: { readonly name: string; readonly value: string };
      }
    | { readonly kind: "press"; readonly customId: string }
    | { readonly kind: "choose"; readonly customId: string; readonly values: readonly string[] }
    /** `fields` holds what was chosen, by the fields' names. */
    | { readonly kind: "submit"; readonly customId: string; readonly fields: Options }
  );

export type Of<Kind extends Interaction["kind"]> = Extract<Interaction, { readonly kind: Kind }>;

/** Reads the data of INTERACTION_CREATE; null for what Godwit has no use for. Throws when it is malformed. */
export function readInteraction(payload: unknown): Interaction | null {
  const parsed = frame.parse(payload);
  const common = frameOf(parsed);
  if (common === null) return null;
  switch (parsed.type) {
    case InteractionType.ApplicationCommand:
    case InteractionType.ApplicationCommandAutocomplete:
      return { ...common, ...readCommand(parsed.data, parsed.type) };
    case InteractionType.MessageComponent: {
      const { custom_id: customId, component_type: type, values } = componentData.parse(parsed.data);
      if (type === ComponentType.Button) return { ...common, kind: "press", customId };
      return { ...common, kind: "choose", customId, values };
    }
    case InteractionType.ModalSubmit: {
      const { custom_id: customId, components } = modalData.parse(parsed.data);
      return { ...common, kind: "submit", customId, fields: fieldsOf(components) };
    }
    default:
      return null;
  }
}

function frameOf(parsed: z.infer<typeof frame>): Frame | null {
  const account = parsed.member?.user ?? parsed.user;
  const channelId = parsed.channel?.id ?? parsed.channel_id;
  if (account === undefined || channelId === undefined) return null;
  return {
    id: parsed.id,
    token: parsed.token,
    guildId: parsed.guild_id ?? null,
    channelId,
    appPermissions: BigInt(parsed.app_permissions),
    isOnEphemeral: ((parsed.message?.flags ?? 0) & MessageFlags.Ephemeral) !== 0,
    user: {
      id: account.id,
      name: parsed.member?.nick || account.global_name || account.username,
      isBot: account.bot,
      memberFlags: parsed.member?.flags ?? 0,
      isPending: parsed.member?.pending ?? false,
      roles: parsed.member?.roles ?? [],
    },
  };
}

function readCommand(data: unknown, type: InteractionType) {
  const { options: top } = commandData.parse(data);
  const subcommand = top.find((option) => option.type === ApplicationCommandOptionType.Subcommand);
  const typed = subcommand?.options ?? [];
  const focused = typed.find((option) => option.focused);
  const known = typed.filter((option) => option !== focused && String(option.value).trim() !== "");
  const options = Object.fromEntries(known.map(({ name, value }) => [name, String(value).trim()]));
  const name = subcommand?.name ?? "";
  if (type === InteractionType.ApplicationCommand) return { kind: "command", name, options } as const;
  const typing = { name: focused?.name ?? "", value: String(focused?.value ?? "") };
  return { kind: "autocomplete", name, options, focused: typing } as const;
}

function fieldsOf(components: z.infer<typeof modalData>["components"]): Options {
  const entries = components.flatMap(({ component }) => {
    const value = component?.values[0] ?? component?.value;
    return component?.custom_id === undefined || typeof value !== "string"
      ? []
      : [[component.custom_id, value]];
  });
  return Object.fromEntries(entries);
}
