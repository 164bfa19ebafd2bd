import type { WebClient } from "@slack/web-api";
import { BoundedMap } from "../bounded-map.ts";
import type { ModalView } from "./blocks.ts";
import { slackCode } from "./errors.ts";

const REMEMBERED = 500;

interface OpenView {
  /** Number of the newest action of this modal that this process has seen. */
  turn: number;
  hash: string;
  /** Hashes that our own updates have replaced: an action that carries one was made just before it saw the update. */
  readonly replaced: Set<string>;
  /** The update under way, after which `hash` is the newest. */
  updating: Promise<unknown>;
}

/** An action's claim on a modal; outdated as soon as the person has done something newer there. */
export interface ViewTurn {
  readonly viewId: string;
  readonly number: number;
}

export type UpdateOutcome = "updated" | "outdated" | "closed";

/**
 * Updates open modals so that the newest action wins. What is remembered here only avoids needless
 * conflicts: Slack's hash is what guards the modal, also between processes.
 */
export class LiveViews {
  readonly #client: WebClient;
  readonly #open = new BoundedMap<string, OpenView>(REMEMBERED);

  constructor(client: WebClient) {
    this.#client = client;
  }

  /** Called with each action's payload, before anything is loaded. */
  begin(viewId: string, hash: string): ViewTurn {
    const open = this.#open.get(viewId) ?? newlyOpen(hash);
    open.turn += 1;
    if (!open.replaced.has(hash)) open.hash = hash;
    this.#open.set(viewId, open);
    return { viewId, number: open.turn };
  }

  /** Shows a view unless the person has moved on. Rejects only when Slack cannot be reached or refuses the view. */
  async update(turn: ViewTurn, view: ModalView): Promise<UpdateOutcome> {
    const open = this.#open.get(turn.viewId);
    if (open === undefined || open.turn !== turn.number) return "outdated";
    await open.updating;
    if (open.turn !== turn.number) return "outdated";
    const update = this.#send(open, { view_id: turn.viewId, hash: open.hash, view });
    open.updating = update.catch(() => undefined);
    return update;
  }

  /** Shows how it ended, whatever the modal shows now. */
  async replace(viewId: string, view: ModalView): Promise<UpdateOutcome> {
    try {
      await this.#client.views.update({ view_id: viewId, view });
      return "updated";
    } catch (error) {
      return outcomeOf(error);
    }
  }

  async #send(
    open: OpenView,
    args: { view_id: string; hash: string; view: ModalView },
  ): Promise<UpdateOutcome> {
    try {
      const { view } = await this.#client.views.update(args);
      open.replaced.add(args.hash);
      open.hash = view?.hash ?? open.hash;
      return "updated";
    } catch (error) {
      return outcomeOf(error);
    }
  }
}

function newlyOpen(hash: string): OpenView {
  return { turn: 0, hash, replaced: new Set(), updating: Promise.resolve() };
}

function outcomeOf(error: unknown): UpdateOutcome {
  const code = slackCode(error);
  if (code === "hash_conflict") return "outdated";
  if (code === "not_found" || code === "view_not_found") return "closed";
  throw error;
}
