import { z } from "zod";
import { checkView, type ViewContent } from "../blocks/check-view.ts";
import type { Json, OpenView } from "../model.ts";
import { refuse } from "../refusal.ts";
import { refuseViolation } from "../report-violation.ts";
import type { World } from "../world.ts";
import { defineMethod, jsonArg } from "./method.ts";

const view = jsonArg(z.unknown());

const openArgs = z
  .strictObject({ trigger_id: z.string().optional(), interactivity_pointer: z.string().optional(), view })
  .transform(({ trigger_id, interactivity_pointer, view }) => ({
    trigger: trigger_id ?? interactivity_pointer ?? "",
    view,
  }));

/** A trigger from within a modal puts the new view on top of it; any other begins a new stack. */
export const viewsOpen = defineMethod({
  name: "views.open",
  tier: 4,
  args: openArgs,
  run: ({ world, args }) => {
    const trigger = world.triggers.check(args.trigger);
    const content = requireView(world, "views.open", { input: args.view, type: "modal" });
    const isNested = trigger.viewId !== undefined && world.views.top(trigger.userId) !== undefined;
    const opened = isNested
      ? world.views.push(trigger.userId, content)
      : world.views.open(trigger.userId, content);
    trigger.isUsed = true;
    return answer(opened);
  },
});

export const viewsPush = defineMethod({
  name: "views.push",
  tier: 4,
  args: openArgs,
  run: ({ world, args }) => {
    const trigger = world.triggers.check(args.trigger);
    const content = requireView(world, "views.push", { input: args.view, type: "modal" });
    if (trigger.viewId === undefined) refuse("invalid_trigger_id");
    const pushed = world.views.push(trigger.userId, content);
    trigger.isUsed = true;
    return answer(pushed);
  },
});

export const viewsUpdate = defineMethod({
  name: "views.update",
  tier: 4,
  args: z.strictObject({
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
    view,
  }),
  run: ({ world, args }) => {
    const open =
      args.view_id === undefined
        ? world.views.findExternal(args.external_id ?? "")
        : world.views.find(args.view_id);
    if (!open) return refuse("not_found");
    if (args.hash !== undefined && args.hash !== open.wire.hash) refuse("hash_conflict");
    const content = requireView(world, "views.update", { input: args.view, type: open.wire.type });
    return answer(world.views.update(open, content));
  },
});

export const viewsPublish = defineMethod({
  name: "views.publish",
  tier: 4,
  args: z.strictObject({ user_id: z.string(), hash: z.string().optional(), view }),
  run: ({ world, args }) => {
    if (!world.directory.users.has(args.user_id)) refuse("invalid_arguments");
    const before = world.views.homes.get(args.user_id);
    if (args.hash !== undefined && before && args.hash !== before.wire.hash) refuse("hash_conflict");
    const content = requireView(world, "views.publish", { input: args.view, type: "home" });
    return answer(world.views.publish(args.user_id, content));
  },
});

/** Checks a view and refuses it in Slack's shape. */
export function requireView(
  world: World,
  where: string,
  wanted: { input: unknown; type: "modal" | "home" },
): ViewContent {
  const checked = checkView(wanted.input);
  if (!checked.ok) return refuseViolation(world, { where, ...checked });
  if (checked.view.type === wanted.type) return checked.view;
  return refuseViolation(world, {
    where,
    error: "invalid_arguments",
    faults: [{ pointer: "/view/type", message: `must be ${wanted.type}` }],
  });
}

function answer(view: OpenView): Json {
  return { view: view.wire };
}
