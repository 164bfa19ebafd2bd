import { Feed as LocalFeed } from "../local/feed.ts";
import type { ApiCall, Deployment, Migration } from "./model.ts";

/** What happens on the platform. Objects are live: copy what you keep. */
export type PlatformChange =
  | { readonly kind: "migration"; readonly migration: Migration }
  | { readonly kind: "deployment"; readonly deployment: Deployment }
  | { readonly kind: "api-call"; readonly call: ApiCall };

/** The change feed of the local Clever Cloud. */
export class Feed extends LocalFeed<PlatformChange> {}
