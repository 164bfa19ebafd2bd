import type { SlackConfig } from "./config.ts";
import type { RenderOptions } from "./render.ts";

/** How answers and modals are rendered: they hold no progress card. */
export function renderOptions(session: { readonly config: SlackConfig }): RenderOptions {
  return { support: session.config.support, richProgress: false };
}
