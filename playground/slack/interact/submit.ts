import { z } from "zod";
import { requireView } from "../api/views.ts";
import { findElements } from "../blocks/find-elements.ts";
import { faultsOf } from "../blocks/violation-message.ts";
import type { OpenView, PersonError } from "../model.ts";
import { Refusal } from "../refusal.ts";
import { recordViolation } from "../report-violation.ts";
import { deliver } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { checkInputs } from "./check-inputs.ts";
import { basePayload } from "./payload.ts";

export type SubmitOutcome =
  | { readonly kind: "closed" | "updated" | "pushed" }
  /** By block_id; from the app, or from Slack's client before anything was sent. */
  | { readonly kind: "errors"; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: "timeout" }
  /** The app's answer was refused, and the person sees that something went wrong. */
  | { readonly kind: "refused"; readonly detail: string };

const responseAction = z.discriminatedUnion("response_action", [
  z.strictObject({
    response_action: z.literal("errors"),
    errors: z.record(z.string(), z.string().min(1)),
  }),
  z.strictObject({ response_action: z.literal("update"), view: z.unknown() }),
  z.strictObject({ response_action: z.literal("push"), view: z.unknown() }),
  z.strictObject({ response_action: z.literal("clear") }),
]);

type ResponseAction = z.infer<typeof responseAction>;

/** Presses the submit button of a modal and does what the app's acknowledgement says. */
export async function submit(world: World, view: OpenView): Promise<SubmitOutcome> {
  if (!view.wire.submit) throw new Error(`the modal "${view.wire.title.text}" has no submit button`);
  const errors = checkInputs(view);
  if (Object.keys(errors).length > 0) return showErrors(world, view, errors);
  const payload = {
    type: "view_submission",
    ...basePayload(world, view.userId),
    trigger_id: world.triggers.issue(view.userId, view.wire.id),
    view: view.wire,
    response_urls: [],
  };
  const delivery = { kind: "view_submission", envelope: "interactive", payload } as const;
  const ack = await deliver(world, delivery, view.userId);
  if (!ack.acked) return { kind: "timeout" };
  return honour(world, view, ack.body);
}

function honour(world: World, view: OpenView, body: unknown): SubmitOutcome {
  if (typeof body !== "object" || body === null || Object.keys(body).length === 0) {
    world.views.close(view);
    return { kind: "closed" };
  }
  const parsed = responseAction.safeParse(body);
  if (!parsed.success) return reject(world, view, { faults: faultsOf(parsed.error, "") });
  try {
    return act(world, view, parsed.data);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return reject(world, view, { faults: [], detail: error.error });
  }
}

function act(world: World, view: OpenView, action: ResponseAction): SubmitOutcome {
  switch (action.response_action) {
    case "errors":
      return honourErrors(world, view, action.errors);
    case "update":
      world.views.update(view, requireView(world, "view_submission", { input: action.view, type: "modal" }));
      return { kind: "updated" };
    case "push":
      world.views.push(
        view.userId,
        requireView(world, "view_submission", { input: action.view, type: "modal" }),
      );
      return { kind: "pushed" };
    case "clear":
      world.views.clear(view.userId);
      return { kind: "closed" };
  }
}

/** Errors can only stand beside input blocks (Slack: view_submission, `response_action: errors`). */
function honourErrors(world: World, view: OpenView, errors: Record<string, string>): SubmitOutcome {
  const inputs = new Set(
    findElements(view.wire.blocks).flatMap(({ isInput, blockId }) => (isInput ? [blockId] : [])),
  );
  const stray = Object.keys(errors).filter((blockId) => !inputs.has(blockId));
  if (stray.length === 0) return showErrors(world, view, errors);
  const faults = stray.map((id) => ({
    pointer: `/errors/${id}`,
    message: "is not the block_id of an input block",
  }));
  return reject(world, view, { faults });
}

function showErrors(world: World, view: OpenView, errors: Record<string, string>): SubmitOutcome {
  view.errors = errors;
  world.feed.emit({ kind: "view-updated", userId: view.userId, view });
  return { kind: "errors", errors };
}

function reject(
  world: World,
  view: OpenView,
  cause: { faults: readonly { pointer: string; message: string }[]; detail?: string },
): SubmitOutcome {
  const where = "view_submission";
  const messages =
    cause.faults.length > 0
      ? recordViolation(world, { where, error: "invalid_response_action", faults: cause.faults })
      : [cause.detail ?? ""];
  const detail = messages.join("; ");
  const error: PersonError = { userId: view.userId, error: "invalid_response", kind: where, detail };
  world.errors.push(error);
  world.feed.emit({ kind: "error", error });
  return { kind: "refused", detail };
}
