import type { types } from "@slack/bolt";
import { WebAPIPlatformError, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalSlack, startLocalSlack } from "../../playground/slack/index.ts";
import { type RunningApp, startSocketApp } from "./slack-sample-app.ts";
import { input, modalView, option, plain, section, select } from "./slack-view-makers.ts";

describe("views", () => {
  let slack: LocalSlack;
  let running: RunningApp;
  let client: WebClient;
  let answer: unknown;
  const heard: string[] = [];
  let triggerId = "";

  beforeEach(async () => {
    heard.length = 0;
    answer = undefined;
    slack = await startLocalSlack();
    client = new WebClient(slack.botToken, { slackApiUrl: slack.url, retryConfig: { retries: 0 } });
    running = await startSocketApp(slack, (app) => {
      app.command("/form", async ({ ack, body }) => {
        triggerId = body.trigger_id;
        await ack();
      });
      app.view("send", async ({ ack, body }) => {
        if ("trigger_id" in body) triggerId = body.trigger_id;
        await (ack as (answer: unknown) => Promise<void>)(answer);
      });
      app.view({ type: "view_closed", callback_id: "send" }, async ({ ack }) => {
        heard.push("closed");
        await ack();
      });
      app.action(/.*/, async ({ ack, action }) => {
        if ("action_id" in action) heard.push(action.action_id);
        await ack();
      });
    });
  });

  afterEach(async () => {
    await running.stop();
    await slack.close();
  });

  async function open(view: types.ModalView) {
    await slack.user("alice").command("/form");
    await client.views.open({ trigger_id: triggerId, view });
    return slack.user("alice").waitForModal();
  }

  async function errorOf(call: Promise<unknown>): Promise<string> {
    const error: unknown = await call.catch((error: unknown) => error);
    return error instanceof WebAPIPlatformError ? error.data.error : `no error: ${String(error)}`;
  }

  test("a trigger opens one view within three seconds", async () => {
    const view = modalView();
    expect(await errorOf(client.views.open({ trigger_id: "1.2.3", view }))).toBe("invalid_trigger_id");
    await open(view);
    expect(await errorOf(client.views.open({ trigger_id: triggerId, view }))).toBe("exchanged_trigger_id");
    await slack.user("alice").command("/form");
    slack.clock.advance(3001);
    expect(await errorOf(client.views.open({ trigger_id: triggerId, view }))).toBe("expired_trigger_id");
  });

  test("a new command puts its form in place of the one that was open", async () => {
    const first = await open(modalView());
    await open(modalView({ title: plain("Newer") }));
    expect(first.isOpen).toBe(false);
    expect(slack.user("alice").modals.map(({ title }) => title)).toEqual(["Newer"]);
  });

  test("a refused view leaves the trigger usable", async () => {
    await slack.user("alice").command("/form");
    const tooLong = modalView({ title: plain("t".repeat(25)) });
    expect(await errorOf(client.views.open({ trigger_id: triggerId, view: tooLong }))).toBe(
      "invalid_arguments",
    );
    expect(await client.views.open({ trigger_id: triggerId, view: modalView() })).toMatchObject({ ok: true });
  });

  test("an update with an old hash is a conflict, and changes nothing", async () => {
    const modal = await open(modalView());
    const { hash } = modal.raw.wire;
    await client.views.update({ view_id: modal.id, hash, view: modalView({ blocks: [section("new")] }) });
    const late = client.views.update({
      view_id: modal.id,
      hash,
      view: modalView({ blocks: [section("old")] }),
    });
    expect(await errorOf(late)).toBe("hash_conflict");
    expect(modal.text()).toBe("new");
  });

  test("a closed view cannot be updated", async () => {
    const modal = await open(modalView());
    await modal.close();
    expect(await errorOf(client.views.update({ view_id: modal.id, view: modalView() }))).toBe("not_found");
    await expect(modal.submit()).rejects.toThrow('the modal "Form" is closed');
  });

  test("at most three views lie on each other", async () => {
    const modal = await open(modalView({ callback_id: "send" }));
    answer = { response_action: "push", view: modalView({ callback_id: "send", title: plain("Second") }) };
    expect(await modal.submit()).toEqual({ kind: "pushed" });
    const second = await slack.user("alice").waitForModal(/Second/);
    answer = { response_action: "push", view: modalView({ callback_id: "send", title: plain("Third") }) };
    await second.submit();
    const third = await slack.user("alice").waitForModal(/Third/);
    expect(third.raw.wire.root_view_id).toBe(modal.id);
    answer = { response_action: "push", view: modalView({ title: plain("Fourth") }) };
    expect(await third.submit()).toEqual({ kind: "refused", detail: "push_limit_reached" });
    answer = { response_action: "clear" };
    expect(await third.submit()).toEqual({ kind: "closed" });
    expect(slack.user("alice").modals).toEqual([]);
  });

  test("views.push needs a trigger from a modal", async () => {
    const modal = await open(modalView({ callback_id: "send", blocks: [input("name")] }));
    await slack.user("bob").command("/form");
    expect(await errorOf(client.views.push({ trigger_id: triggerId, view: modalView() }))).toBe(
      "invalid_trigger_id",
    );
    await modal.type("name", "x");
    answer = { response_action: "errors", errors: { name: "Wrong." } };
    await modal.submit();
    expect(await client.views.push({ trigger_id: triggerId, view: modalView() })).toMatchObject({ ok: true });
    expect(slack.user("alice").modals).toHaveLength(2);
  });

  test("an external_id belongs to one view", async () => {
    const modal = await open(modalView({ external_id: "dbmig:1" }));
    await slack.user("bob").command("/form");
    const twin = client.views.open({ trigger_id: triggerId, view: modalView({ external_id: "dbmig:1" }) });
    expect(await errorOf(twin)).toBe("duplicate_external_id");
    const view = modalView({ external_id: "dbmig:1", blocks: [section("by external id")] });
    await client.views.update({ external_id: "dbmig:1", view });
    expect(modal.text()).toBe("by external id");
  });

  test("an acknowledgement without content closes only the top view", async () => {
    const modal = await open(modalView({ callback_id: "send" }));
    expect(await modal.submit()).toEqual({ kind: "closed" });
    expect(modal.isOpen).toBe(false);
  });

  test("errors beside anything but an input block are refused", async () => {
    const modal = await open(modalView({ callback_id: "send" }));
    answer = { response_action: "errors", errors: { nowhere: "Wrong." } };
    expect(await modal.submit()).toMatchObject({ kind: "refused" });
    expect(slack.user("alice").errors).toMatchObject([{ error: "invalid_response" }]);
    expect(slack.violations).toHaveLength(1);
  });

  test("required inputs are checked before anything is sent", async () => {
    const modal = await open(modalView({ callback_id: "send", blocks: [input("name")] }));
    expect(await modal.submit()).toEqual({
      kind: "errors",
      errors: { name: "Please complete this required field." },
    });
    expect(slack.ackLatencies.filter(({ kind }) => kind === "view_submission")).toEqual([]);
  });

  test("closing is told only when asked for", async () => {
    await (await open(modalView({ callback_id: "send" }))).close();
    expect(heard).toEqual([]);
    await (await open(modalView({ callback_id: "send", notify_on_close: true }))).close();
    expect(heard).toEqual(["closed"]);
  });

  test("what was entered stays while block_id, action_id and element type stay", async () => {
    const modal = await open(modalView({ blocks: [select("plan", ["s", "m"], "s"), input("note")] }));
    await modal.choose("plan", "m");
    await modal.type("note", "kept");
    await client.views.update({
      view_id: modal.id,
      view: modalView({ blocks: [select("plan", ["s", "m"], "s"), input("note")] }),
    });
    expect([modal.value("plan"), modal.value("note")]).toEqual(["Option m", "kept"]);
    await client.views.update({
      view_id: modal.id,
      view: modalView({ blocks: [select("plan2", ["s", "m"], "s"), select("note", ["s"])] }),
    });
    expect([modal.value("plan2"), modal.value("note")]).toEqual(["Option s", ""]);
  });

  test("an input tells the app only with dispatch_action, a section always", async () => {
    const accessory = { type: "static_select" as const, action_id: "in-section", options: [option("s")] };
    const modal = await open(
      modalView({
        blocks: [
          input("silent"),
          { ...input("loud"), dispatch_action: true },
          { ...section("pick"), accessory },
          {
            type: "input",
            block_id: "boxes",
            label: plain("Boxes"),
            element: { type: "checkboxes", action_id: "boxes", options: [option("a"), option("b")] },
          },
        ],
      }),
    );
    await modal.type("silent", "x");
    await modal.type("loud", "y");
    await modal.choose("in-section", "s");
    await modal.choose("boxes", ["a", "Option b"]);
    expect(heard).toEqual(["loud", "in-section"]);
    expect(modal.state("boxes")).toMatchObject({ selected_options: [{ value: "a" }, { value: "b" }] });
    await expect(modal.choose("in-section", "xl")).rejects.toThrow('It offers: "Option s" (s)');
    await expect(modal.choose("missing", "xl")).rejects.toThrow("plain_text_input");
  });

  test("App Home is published per person and its buttons work", async () => {
    const alice = slack.user("alice");
    await alice.openHome();
    const button = { type: "button" as const, action_id: "new", text: plain("New migration") };
    const view = {
      type: "home" as const,
      blocks: [section("Your migrations"), { type: "actions" as const, elements: [button] }],
    };
    await client.views.publish({ user_id: alice.id, view });
    const home = await alice.waitForHome(/Your migrations/);
    await home.click("New migration");
    expect(heard).toEqual(["new"]);
    expect(slack.user("bob").home).toBeUndefined();
    expect(slack.ackLatencies.map(({ kind }) => kind)).toEqual(["event", "block_actions"]);
  });
});
