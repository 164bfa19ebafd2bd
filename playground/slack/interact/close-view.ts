import type { OpenView } from "../model.ts";
import { deliver } from "../transport/deliver.ts";
import type { World } from "../world.ts";
import { basePayload } from "./payload.ts";

/** Closes a modal; the app hears of it only with `notify_on_close`. `clear_on_close` closes the views below as well. */
export async function closeView(world: World, view: OpenView): Promise<void> {
  const { wire, userId } = view;
  if (wire.clear_on_close) world.views.clear(userId);
  else world.views.close(view);
  if (!wire.notify_on_close) return;
  const payload = {
    type: "view_closed",
    ...basePayload(world, userId),
    view: wire,
    is_cleared: wire.clear_on_close,
  };
  await deliver(world, { kind: "view_closed", envelope: "interactive", payload }, userId);
}
