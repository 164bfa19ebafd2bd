import type { PagePatch, PageWelcome } from "../../page-state.ts";
import type { UiEvent } from "./ui-state.ts";

/** Follows the server's feed; the browser connects again by itself. Returns how to stop. */
export function listenToFeed(dispatch: (event: UiEvent) => void): () => void {
  const source = new EventSource("/feed");
  source.addEventListener("welcome", ({ data }: MessageEvent<string>) => {
    const wanted = decodeURIComponent(location.hash.slice(1));
    dispatch({ type: "welcome", welcome: JSON.parse(data) as PageWelcome, wanted });
  });
  source.addEventListener("patch", ({ data }: MessageEvent<string>) => {
    dispatch({ type: "patch", patch: JSON.parse(data) as PagePatch });
  });
  source.addEventListener("error", () => dispatch({ type: "lost" }));
  return () => source.close();
}
