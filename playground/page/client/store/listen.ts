import type { PagePatch, PageWelcome } from "../../page-state.ts";
import type { UiEvent } from "./ui-state.ts";
import { visitFrom } from "./visit-address.ts";

/** Follows the server's feed and the address; the browser connects again by itself. Returns how to stop. */
export function listenToFeed(dispatch: (event: UiEvent) => void): () => void {
  const source = new EventSource("/feed");
  source.addEventListener("welcome", ({ data }: MessageEvent<string>) => {
    const wanted = visitFrom(location.hash);
    dispatch({ type: "welcome", welcome: JSON.parse(data) as PageWelcome, wanted });
  });
  source.addEventListener("patch", ({ data }: MessageEvent<string>) => {
    dispatch({ type: "patch", patch: JSON.parse(data) as PagePatch });
  });
  source.addEventListener("error", () => dispatch({ type: "lost" }));
  const visit = (): void => dispatch({ type: "visit", visit: visitFrom(location.hash) });
  addEventListener("hashchange", visit);
  return () => {
    removeEventListener("hashchange", visit);
    source.close();
  };
}
