/** Where people talk to Godwit; `cli` is the command line. */
export type PlatformId = "slack" | "discord" | "cli";

/** What kind of account a person has in the workspace; `unknown` where the platform does not tell. */
export type MemberKind = "member" | "guest" | "external" | "bot" | "unknown";

/** A person on a chat platform. Names are for display only and never identify anyone. */
export interface Member {
  readonly platform: PlatformId;
  readonly workspace: string;
  readonly id: string;
  readonly name: string;
  readonly kind: MemberKind;
  /** IDs of the user groups or roles the person is in, as far as the policy asks for them. */
  readonly groups: readonly string[];
  /** Such as `Europe/Paris`; absent where the platform does not tell. */
  readonly timeZone?: string;
}

/** A person as stored with what they did. */
export interface Actor {
  readonly platform: PlatformId;
  readonly id: string;
  readonly name: string;
}

/** Takes from a member what is stored with an action. */
export function actorOf(member: Member): Actor {
  return { platform: member.platform, id: member.id, name: member.name };
}

/** A channel on a platform. */
export interface Place {
  readonly platform: PlatformId;
  readonly workspace: string;
  readonly channel: string;
}
