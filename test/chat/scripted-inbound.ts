import { commands } from "../../commands/index.ts";
import type { ChatDependencies } from "../../src/chat/dependencies.ts";
import { systemClock } from "../../src/clock.ts";
import type { AddonSummary } from "../../src/core/addon.ts";
import type { Answer } from "../../src/core/answer.ts";
import type { FormAnswer, FormSelection, SubmitAnswer } from "../../src/core/form.ts";
import type { Member } from "../../src/core/member.ts";
import type {
  ChatInbound,
  Consideration,
  Invocation,
  PolicyLists,
  Press,
  RootDelivery,
  Submission,
} from "../../src/core/ports/chat.ts";
import type { Log } from "../../src/core/ports/log.ts";
import type { Ownership } from "../../src/core/ports/ownership.ts";
import { aForm, aMigration } from "./makers.ts";

/** An inbound whose answers a test writes; it remembers what it was asked. */
export class ScriptedInbound implements ChatInbound {
  readonly invocations: Invocation[] = [];
  readonly selections: FormSelection[] = [];
  readonly members: Member[] = [];
  readonly submissions: Submission[] = [];
  readonly considered: Omit<Press, "deliveryId">[] = [];
  readonly presses: Press[] = [];
  onCommand: (invocation: Invocation) => Promise<Answer> | Answer = ({ options: { addon } }) => ({
    kind: "open-form",
    selection: addon === undefined ? {} : { addonId: addon },
  });
  onForm: (selection: FormSelection) => Promise<FormAnswer> | FormAnswer = ({ addonId }) =>
    addonId === undefined ? { kind: "choose-addon" } : { kind: "form", form: aForm() };
  onSearch: (query: string) => Promise<readonly AddonSummary[]> | readonly AddonSummary[] = () => [];
  onSubmit: (submission: Submission) => Promise<SubmitAnswer> | SubmitAnswer = () => ({
    kind: "posted",
    migration: aMigration(),
  });
  onRoot: (migrationId: string) => Promise<RootDelivery> | RootDelivery = () => ({
    kind: "sent",
    link: null,
  });
  onConsider: (press: Omit<Press, "deliveryId">) => Promise<Consideration> | Consideration = () => ({
    kind: "possible",
    migration: aMigration(),
    redo: [],
  });
  onPress: (press: Press) => Promise<Answer> | Answer = () => ({
    kind: "confirmed",
    migration: aMigration(),
  });

  async command(invocation: Invocation): Promise<Answer> {
    this.invocations.push(invocation);
    this.members.push(invocation.member);
    return this.onCommand(invocation);
  }

  async searchAddons(member: Member, query: string): Promise<readonly AddonSummary[]> {
    this.members.push(member);
    return this.onSearch(query);
  }

  async form(member: Member, selection: FormSelection): Promise<FormAnswer> {
    this.members.push(member);
    this.selections.push(selection);
    return this.onForm(selection);
  }

  async submit(submission: Submission): Promise<SubmitAnswer> {
    this.members.push(submission.member);
    this.submissions.push(submission);
    return this.onSubmit(submission);
  }

  async rootDelivery(migrationId: string): Promise<RootDelivery> {
    return this.onRoot(migrationId);
  }

  async considerPress(press: Omit<Press, "deliveryId">): Promise<Consideration> {
    this.members.push(press.member);
    this.considered.push(press);
    return this.onConsider(press);
  }

  async press(press: Press): Promise<Answer> {
    this.members.push(press.member);
    this.presses.push(press);
    return this.onPress(press);
  }
}

/** Everything is this process's own at once. */
const ownership: Ownership = {
  own: async () => ({ lost: new AbortController().signal, release: async () => undefined }),
};

/** What an adapter is given, with the real subcommands of `/db`. */
export function chatDependencies(
  log: Log,
  policy: PolicyLists = { users: [], groups: [] },
): ChatDependencies {
  const giveUp = (error: Error): void => log.error({ error }, "given up");
  return { clock: systemClock, log, random: () => 0.5, policy, commands, ownership, giveUp };
}
