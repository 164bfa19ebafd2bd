import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalDiscord, startLocalDiscord } from "../../playground/discord/index.ts";
import { findProblems } from "../../playground/page/client/discord/modal/find-problems.ts";
import { discordView } from "../../playground/page/client/discord/store/discord-view.ts";
import { idOf } from "../../playground/page/client/store/places.ts";
import { reduce } from "../../playground/page/client/store/reduce.ts";
import type { UiEvent, UiState, Visit } from "../../playground/page/client/store/ui-state.ts";
import { addressOf, visitFrom } from "../../playground/page/client/store/visit-address.ts";
import { diffState } from "../../playground/page/diff-state.ts";
import { defaultPageRoles } from "../../playground/page/page-settings.ts";
import { applyPatch, type PageState } from "../../playground/page/page-state.ts";
import { form } from "./sample-components.ts";
import { sampleDemo } from "./sample-demo.ts";

const [alice, sam] = ["200000000000000001", "200000000000000003"];
const channel = "500000000000000001";

let discord: LocalDiscord;

beforeEach(async () => {
  discord = await startLocalDiscord();
});

afterEach(() => discord.close());

const { state: demo } = sampleDemo();
const look = (): PageState => ({ slack: null, discord: discord.snapshot(), demo });
const settings = { workspace: "Acme", people: defaultPageRoles, commands: [] };

describe("patches", () => {
  test("bring one state to the next, and leave what is unchanged the same object", () => {
    discord.user("alice").say("stays", { channel });
    const gone = discord.user("alice").say("goes", { channel });
    const before = look();
    discord.user("bob").say(`comes <@${sam}>`, { channel });
    discord.world.messages.delete(gone.raw);
    const after = look();
    const patch = diffState(before, after) ?? {};
    const patched = applyPatch(before, patch);
    expect(patched).toEqual(after);
    expect(patched.discord?.messages[0]).toBe(before.discord?.messages[0]);
    expect(Object.keys(patch)).toEqual(["discord"]);
    expect(Object.keys(patch.discord?.fields ?? {})).toEqual(["notifications"]);
  });

  test("there is none when nothing changed", () => {
    expect(diffState(look(), look())).toBeUndefined();
  });
});

describe("what waits for a person", () => {
  const after = (state: UiState | null, ...events: UiEvent[]): UiState => {
    const end = events.reduce<UiState | null>(reduce, state);
    if (!end) throw new Error("there is no state");
    return end;
  };
  const start = (wanted: Partial<Visit> = {}): UiState =>
    after(null, { type: "welcome", welcome: { settings, state: look() }, wanted });
  const unread = (state: UiState, userId: string) =>
    discordView(discord.snapshot()).unread(state.reads, userId);

  test("a page without Slack opens in Discord, whatever the address says", () => {
    const state = start({ tab: "slack", person: "sam" });
    expect(state).toMatchObject({ tab: "discord", person: "sam" });
    expect(idOf(state)).toBe(sam);
  });

  test("the address names the platform and the person", () => {
    expect(visitFrom("#discord/sam")).toEqual({ tab: "discord", person: "sam" });
    expect(visitFrom("#sam")).toEqual({ tab: "slack", person: "sam" });
    expect(visitFrom("#%E0%A4%A")).toEqual({ tab: "slack" });
    expect(addressOf({ tab: "discord", person: "sam" })).toBe("#discord/sam");
    expect(addressOf({ tab: "slack", person: "sam" })).toBe("#sam");
  });

  test("a call while one is that person shows a notice that leads there", () => {
    const before = start({ person: "sam" });
    const elsewhere = after(before, { type: "go", place: { kind: "activity" } });
    const call = discord.user("bob").say(`<@${sam}>`, { channel });
    const patch = diffState(before.server, look()) ?? {};
    const state = after(elsewhere, { type: "patch", patch });
    expect(state.toasts).toMatchObject([{ tone: "mention", opens: { channelId: channel, id: call.id } }]);
    expect(after(before, { type: "patch", patch }).toasts).toEqual([]);
    const opened = after(state, { type: "open-message", channelId: channel, id: call.id });
    expect(opened.screens[sam]?.place).toEqual({ kind: "channel", channelId: channel });
    const read = after(opened, { type: "read", key: channel, id: call.id });
    expect([unread(state, sam).mentionCount, unread(read, sam).mentionCount]).toEqual([1, 0]);
  });

  test("own messages are not unread, those of others are", () => {
    discord.user("alice").say("hello", { channel });
    const state = start();
    expect(unread(state, alice).channels).toEqual(new Set());
    expect(unread(state, sam).channels).toEqual(new Set([channel]));
  });
});

test("a form says what is missing, too short or too much", () => {
  const modal = { ...form, values: {} } as unknown as Parameters<typeof findProblems>[0];
  expect(findProblems(modal, { strategy: "live", notify: [] })).toEqual({
    plan: "This field is required.",
    reason: "This field is required.",
  });
  const values = { plan: ["pg-m"], strategy: "live", reason: "abc", notify: ["a", "b", "c"] };
  expect(findProblems(modal, values)).toEqual({
    reason: "Must be at least 5 characters long.",
    notify: "Choose no more than 2.",
  });
  expect(findProblems(modal, { ...values, reason: "abcde", notify: [] })).toEqual({});
});
