import { assignIds } from "../blocks/assign-ids.ts";
import type { ViewContent } from "../blocks/check-view.ts";
import { stateAfter } from "../blocks/element-state.ts";
import type { Feed } from "../feed.ts";
import type { Ids } from "../ids.ts";
import type { OpenView, StateValues, WireView } from "../model.ts";
import { refuse } from "../refusal.ts";
import type { Settings } from "../settings.ts";

/** At most three views lie on each other (Slack: views.push). */
const stackLimit = 3;

/** Open modals as a stack per person, and each person's App Home. */
export class Views {
  readonly stacks = new Map<string, OpenView[]>();
  readonly homes = new Map<string, OpenView>();
  readonly #settings: Settings;
  readonly #ids: Ids;
  readonly #feed: Feed;

  constructor(context: { settings: Settings; ids: Ids; feed: Feed }) {
    this.#settings = context.settings;
    this.#ids = context.ids;
    this.#feed = context.feed;
  }

  top(userId: string): OpenView | undefined {
    return this.stack(userId).at(-1);
  }

  stack(userId: string): readonly OpenView[] {
    return this.stacks.get(userId) ?? [];
  }

  find(viewId: string): OpenView | undefined {
    return this.#all().find(({ wire }) => wire.id === viewId);
  }

  findExternal(externalId: string): OpenView | undefined {
    return this.#all().find(({ wire }) => wire.external_id === externalId);
  }

  /** Opens a new modal in place of whatever the person had open. */
  open(userId: string, content: ViewContent): OpenView {
    this.#checkExternalId(content);
    this.clear(userId);
    return this.#put(userId, content);
  }

  push(userId: string, content: ViewContent): OpenView {
    if (this.stack(userId).length >= stackLimit) refuse("push_limit_reached");
    this.#checkExternalId(content);
    return this.#put(userId, content);
  }

  update(view: OpenView, content: ViewContent): OpenView {
    this.#checkExternalId(content, view);
    view.wire = this.#wire(content, view.wire);
    view.errors = {};
    this.#feed.emit({ kind: "view-updated", userId: view.userId, view });
    return view;
  }

  publish(userId: string, content: ViewContent): OpenView {
    const before = this.homes.get(userId);
    const home = before ?? { userId, wire: this.#wire(content), errors: {}, suggestions: {} };
    if (before) before.wire = this.#wire(content, before.wire);
    this.homes.set(userId, home);
    this.#feed.emit({ kind: "home-published", userId, view: home });
    return home;
  }

  /** What a person enters changes the state but not the hash. */
  enter(view: OpenView, values: StateValues): void {
    view.wire = { ...view.wire, state: { values } };
    this.#feed.emit({ kind: "view-updated", userId: view.userId, view });
  }

  close(view: OpenView): void {
    const rest = this.stack(view.userId).filter((other) => other !== view);
    this.stacks.set(view.userId, rest);
    this.#feed.emit({ kind: "view-closed", userId: view.userId, viewId: view.wire.id });
  }

  clear(userId: string): void {
    for (const view of this.stack(userId).toReversed()) this.close(view);
  }

  #all(): OpenView[] {
    return [...[...this.stacks.values()].flat(), ...this.homes.values()];
  }

  #put(userId: string, content: ViewContent): OpenView {
    const below = this.top(userId)?.wire;
    const wire = this.#wire(content);
    const placed = below ? { ...wire, root_view_id: below.root_view_id, previous_view_id: below.id } : wire;
    const view: OpenView = { userId, wire: placed, errors: {}, suggestions: {} };
    this.stacks.set(userId, [...this.stack(userId), view]);
    this.#feed.emit({ kind: "view-opened", userId, view });
    return view;
  }

  #wire(content: ViewContent, before?: WireView): WireView {
    const id = before?.id ?? this.#ids.next("V");
    const blocks = assignIds(content.blocks, this.#ids);
    const isModal = content.type === "modal";
    return {
      id,
      type: content.type,
      team_id: this.#settings.teamId,
      app_id: this.#settings.appId,
      app_installed_team_id: this.#settings.teamId,
      bot_id: this.#settings.botId,
      blocks,
      title: isModal ? content.title : { type: "plain_text", text: "View Title" },
      close: (isModal ? content.close : undefined) ?? null,
      submit: (isModal ? content.submit : undefined) ?? null,
      callback_id: content.callback_id ?? "",
      private_metadata: content.private_metadata ?? "",
      external_id: content.external_id ?? "",
      hash: `${this.#ids.timestamp()}.${this.#ids.secret(4)}`,
      clear_on_close: isModal && content.clear_on_close === true,
      notify_on_close: isModal && content.notify_on_close === true,
      root_view_id: before?.root_view_id ?? id,
      previous_view_id: before?.previous_view_id ?? null,
      state: { values: stateAfter(blocks, before?.state.values ?? {}) },
    };
  }

  #checkExternalId(content: ViewContent, self?: OpenView): void {
    if (!content.external_id) return;
    const holder = this.findExternal(content.external_id);
    if (holder && holder !== self) refuse("duplicate_external_id");
  }
}
