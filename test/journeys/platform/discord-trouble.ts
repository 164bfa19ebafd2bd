import type { LocalDiscord } from "../../../playground/discord/index.ts";
import { until } from "../../support/until.ts";
import type { ChatTrouble, Failing } from "./chat-driver.ts";

const POST = "POST /channels/{channel}/messages";
const SENDS = [
  POST,
  "PATCH /channels/{channel}/messages/{message}",
  "POST /channels/{channel}/messages/{message}/threads",
] as const;
const COMPONENT = 3;

type Faults = LocalDiscord["faults"];
type Fault = Parameters<Faults["always"]>[1];
type Route = Parameters<Faults["always"]>[0];

const FAILINGS: Readonly<Record<Failing, { readonly fault: Fault; readonly routes?: readonly Route[] }>> = {
  outage: { fault: { drop: true }, routes: ["*"] },
  "429": { fault: { status: 429, retryAfter: 1 } },
  "500": { fault: { status: 500 } },
  "lost answers": { fault: { acceptedButStatus: 500 } },
  "channel gone": { fault: { status: 404, code: 10_003 } },
  "token refused": { fault: { status: 401 }, routes: ["*"] },
};

/** What Discord can do to messages and presses on their way. */
export function createDiscordTrouble(discord: LocalDiscord): ChatTrouble {
  const lastPress = recordPresses(discord);
  return {
    turnsAway(times) {
      for (const route of SENDS) {
        let calls = 0;
        const isTurnedAway = () => calls++ % (times + 1) !== times;
        discord.faults.always(route, { status: 429, retryAfter: 1 }, { when: isTurnedAway });
      }
    },
    turnedAway: () => discord.calls.filter(({ status }) => status === 429).length,
    async swallowsNextAnswer() {
      const posted = () => discord.world.messages.all.length;
      const before = posted();
      discord.faults.next(POST, { acceptedButTimesOut: true });
      await until(() => posted() > before, { what: "Discord to take a message", timeoutMs: 60_000 });
    },
    fails(how, share = 1) {
      const { fault, routes = SENDS } = FAILINGS[how];
      for (const route of routes) discord.faults.always(route, fault, { when: () => Math.random() < share });
    },
    requests: () => discord.calls.length,
    clear: () => discord.faults.clear(),
    repeatsLastPress: () => lastPress.again(),
  };
}

/** Remembers the last press as it went over the wire. */
function recordPresses({ gateway }: LocalDiscord) {
  const dispatch = gateway.dispatch.bind(gateway);
  let last: Parameters<typeof dispatch> | undefined;
  gateway.dispatch = (...event) => {
    const [name, data] = event;
    if (name === "INTERACTION_CREATE" && (data as { type: number }).type === COMPONENT) last = event;
    dispatch(...event);
  };
  return {
    async again(): Promise<void> {
      if (!last) throw new Error("nobody has pressed a button");
      dispatch(...last);
    },
  };
}
