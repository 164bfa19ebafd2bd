import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { slackView } from "../../playground/page/client/slack/store/slack-view.ts";
import { idOf } from "../../playground/page/client/store/places.ts";
import { reduce } from "../../playground/page/client/store/reduce.ts";
import type { UiEvent, UiState, Visit } from "../../playground/page/client/store/ui-state.ts";
import { diffState } from "../../playground/page/diff-state.ts";
import { defaultCommandHints, defaultPageRoles } from "../../playground/page/page-settings.ts";
import { applyPatch, type PageState } from "../../playground/page/page-state.ts";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { sampleDemo } from "./sample-demo.ts";

let slack: LocalSlack;

beforeEach(async () => {
  slack = await startLocalSlack();
});

afterEach(() => slack.close());

const { state: demo } = sampleDemo();
const look = (): PageState => ({ slack: slack.snapshot(), discord: null, demo });
const settings = { workspace: "Acme", people: defaultPageRoles, commands: defaultCommandHints };
const channel = "C0DATABASES";

describe("patches", () => {
  test("bring one state to the next, and leave what is unchanged the same object", () => {
    slack.user("alice").say("stays", { channel });
    const gone = slack.user("alice").say("goes", { channel });
    const before = look();
    slack.user("bob").say("comes <@U0SAM>", { channel });
    const message = slack.world.messages.find(channel, gone.ts);
    if (message) slack.world.messages.delete(message);
    const after = look();
    const patched = applyPatch(before, diffState(before, after) ?? {});
    expect(patched).toEqual(after);
    expect(patched.slack?.messages[0]).toBe(before.slack?.messages[0]);
  });

  test("there is none when nothing changed", () => {
    expect(diffState(look(), look())).toBeUndefined();
  });
});

describe("what waits for a person", () => {
  const start = (wanted: Partial<Visit> = {}): UiState =>
    after(null, { type: "welcome", welcome: { settings, state: look() }, wanted });
  const after = (state: UiState | null, ...events: UiEvent[]): UiState => {
    const end = events.reduce<UiState | null>(reduce, state);
    if (!end) throw new Error("there is no state");
    return end;
  };
  const news = (state: UiState): UiState => {
    const patch = diffState(state.server, look());
    return patch ? after(state, { type: "patch", patch }) : state;
  };
  const unread = (state: UiState, userId: string) => slackView(slack.snapshot()).unread(state.reads, userId);

  test("the address says who the visitor is", () => {
    expect(idOf(start({ person: "sam" }))).toBe("U0SAM");
    expect(idOf(start({ person: "gina" }))).toBe("U0ALICE");
  });

  test("a call of the support group in a thread waits until sam opens the thread", () => {
    const root = slack.user("alice").say("plan", { channel });
    const before = start();
    const call = slack.user("bob").say("<!subteam^S0SUPPORT> look", { channel, thread: root.ts });
    const state = news(before);
    expect(unread(state, "U0SAM")).toMatchObject({ mentionCount: 1, mentions: { [channel]: 1 } });
    expect(unread(state, "U0ALICE").mentionCount).toBe(0);
    const inChannel = after(
      state,
      { type: "visit", visit: { person: "sam" } },
      { type: "read", key: channel, id: call.ts },
    );
    expect(unread(inChannel, "U0SAM").mentionCount).toBe(1);
    const inThread = after(inChannel, { type: "read", key: `${channel}/${root.ts}`, id: call.ts });
    expect(unread(inThread, "U0SAM").mentionCount).toBe(0);
  });

  test("a call while one is that person shows a notice that leads to the thread", () => {
    const root = slack.user("alice").say("plan", { channel });
    const before = start({ person: "sam" });
    const call = slack.user("bob").say("<@U0SAM>", { channel, thread: root.ts });
    const state = news(before);
    expect(state.toasts).toMatchObject([{ tone: "mention", opens: { channelId: channel, id: call.ts } }]);
    const opened = after(state, { type: "open-message", channelId: channel, id: call.ts });
    expect(opened.screens.U0SAM).toEqual({
      place: { kind: "channel", channelId: channel },
      thread: { channelId: channel, id: root.ts },
    });
  });

  test("an action that did not arrive becomes a notice for whoever acted", async () => {
    const before = start();
    await slack.act({ type: "command", user: "alice", channel, text: "/db" });
    const state = news(before);
    expect(state.toasts).toMatchObject([{ tone: "error", title: "The command did not get through" }]);
    expect(news(start({ person: "bob" })).toasts).toEqual([]);
  });

  test("own messages are not unread, those of others are", () => {
    slack.user("alice").say("hello", { channel });
    const state = start();
    expect(unread(state, "U0ALICE").channels).toEqual(new Set());
    expect(unread(state, "U0BOB").channels).toEqual(new Set([channel]));
  });

  test("a playground that started again begins anew, a connection that came back goes on", async () => {
    slack.user("alice").say("old", { channel });
    const state = after(start(), { type: "visit", visit: { person: "bob" } }, { type: "lost" });
    const back = after(state, { type: "welcome", welcome: { settings, state: look() }, wanted: {} });
    expect(back).toMatchObject({ person: "bob", connection: "open" });
    const other = await startLocalSlack();
    const anew = { settings, state: { slack: other.snapshot(), discord: null, demo } };
    await other.close();
    expect(after(back, { type: "welcome", welcome: anew, wanted: { person: "sam" } }).person).toBe("sam");
  });
});
