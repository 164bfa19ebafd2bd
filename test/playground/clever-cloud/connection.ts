import type { Addon, Application, LocalCleverCloud } from "../../../playground/clever-cloud/index.ts";

/** An answer as it came over the wire; a test names what it expects of it. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, plain text, or undefined when there is no body. */
  readonly body: unknown;
}

/** Talks to the bridge host with an API token, by plain fetch. */
export class Connection {
  readonly #clever: LocalCleverCloud;
  readonly #token: string;

  constructor(clever: LocalCleverCloud, token: string = clever.token) {
    this.#clever = clever;
    this.#token = token;
  }

  get(path: string): Promise<Reply> {
    return this.#send("GET", path);
  }

  delete(path: string): Promise<Reply> {
    return this.#send("DELETE", path);
  }

  post(path: string, body?: unknown): Promise<Reply> {
    return this.#send("POST", path, body);
  }

  /** Path of an add-on, with what follows it. */
  addon(addon: Addon, rest = ""): string {
    return `/v2/organisations/${this.#clever.owner}/addons/${addon.id}${rest}`;
  }

  /** Path of an application, with what follows it. */
  application({ id }: Application, rest = ""): string {
    return `/v2/organisations/${this.#clever.owner}/applications/${id}${rest}`;
  }

  /** POSTs a migration; what is left out of `target` stays as it is. */
  migrate(addon: Addon, target: Target = {}): Promise<Reply> {
    return this.post(this.addon(addon, "/migrations"), {
      planId: planOf(addon, target.plan ?? addon.plan.slug),
      region: target.zone ?? addon.zone,
      version: target.version ?? addon.version,
    });
  }

  async #send(method: string, path: string, body?: unknown): Promise<Reply> {
    const json = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${this.#clever.bridgeUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...json },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return readReply(response);
  }
}

interface Target {
  /** A slug, or an id as it is. */
  readonly plan?: string;
  readonly zone?: string;
  readonly version?: string;
}

export function planOf({ provider }: Addon, slug: string): string {
  return provider.plans.find((plan) => plan.slug === slug)?.id ?? slug;
}

export async function readReply(response: Response): Promise<Reply> {
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  const body: unknown = isJson ? JSON.parse(text) : text === "" ? undefined : text;
  return { status: response.status, headers: response.headers, body };
}

/** The names and values of an environment answer. */
export function variables(reply: Reply): Record<string, string> {
  const list = reply.body as readonly { readonly name: string; readonly value: string }[];
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}
