import type { IncomingHttpHeaders } from "node:http";

export type Verdict = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

/**
 * Whether a request comes from the page itself. A foreign name in `Host` is DNS rebinding; a foreign `Origin` is
 * another web page in the same browser (Fetch Standard: `Origin`, `Sec-Fetch-Site`). Acting needs both to be ours.
 */
export function judgeRequest(
  request: { readonly method: string; readonly headers: IncomingHttpHeaders },
  port: number,
): Verdict {
  const { host, origin } = request.headers;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return refused("the Host header is not this page's");
  const isOurs = hosts.some((name) => origin === `http://${name}`);
  if (origin !== undefined && !isOurs) return refused("the Origin header is not this page's");
  const site = request.headers["sec-fetch-site"];
  const isForeign = site === "cross-site" || site === "same-site";
  if (request.method === "GET")
    return isForeign && isScripted(request.headers) ? foreign() : { allowed: true };
  if (request.method !== "POST") return refused("only GET and POST are served");
  if (isForeign) return foreign();
  if (!isOurs) return refused("acting needs this page's Origin header");
  const isJson = request.headers["content-type"]?.split(";")[0] === "application/json";
  return isJson ? { allowed: true } : refused("acting needs a JSON body");
}

/** Following a link to the page is fine; loading its feed from elsewhere is not. */
function isScripted(headers: IncomingHttpHeaders): boolean {
  return headers["sec-fetch-mode"] !== "navigate";
}

function foreign(): Verdict {
  return refused("the request comes from another web page");
}

function refused(reason: string): Verdict {
  return { allowed: false, reason };
}
