import type { LocalSlack } from "../../../playground/slack/index.ts";
import { until } from "../../support/until.ts";
import type { ChatTrouble, Failing } from "./chat-driver.ts";

const SENDS = ["chat.postMessage", "chat.update"] as const;

type Fault = Parameters<LocalSlack["faults"]["always"]>[1];

const FAILINGS: Readonly<Record<Failing, { readonly fault: Fault; readonly methods?: readonly string[] }>> = {
  outage: { fault: { drop: true }, methods: ["*"] },
  "429": { fault: { status: 429, retryAfter: 1 } },
  "500": { fault: { status: 500 } },
  "lost answers": { fault: { acceptedButStatus: 500 } },
  "channel gone": { fault: { error: "channel_not_found" } },
  "token refused": { fault: { error: "token_revoked" }, methods: ["*"] },
};

/** What Slack can do to messages and presses on their way. */
export function createSlackTrouble(slack: LocalSlack): ChatTrouble {
  const lastPress = recordPresses(slack);
  return {
    turnsAway(times) {
      for (const method of SENDS) {
        let calls = 0;
        const isTurnedAway = () => calls++ % (times + 1) !== times;
        slack.faults.always(method, { status: 429, retryAfter: 1 }, { when: isTurnedAway });
      }
    },
    turnedAway: () => slack.calls.filter(({ status }) => status === 429).length,
    async swallowsNextAnswer() {
      const posted = () => slack.world.messages.all.length;
      const before = posted();
      slack.faults.next("chat.postMessage", { acceptedButTimesOut: true });
      await until(() => posted() > before, { what: "Slack to take a message", timeoutMs: 60_000 });
    },
    fails(how, share = 1) {
      const { fault, methods = SENDS } = FAILINGS[how];
      for (const method of methods) slack.faults.always(method, fault, { when: () => Math.random() < share });
    },
    requests: () => slack.calls.length,
    clear: () => slack.faults.clear(),
    repeatsLastPress: () => lastPress.again(),
  };
}

/** Remembers the last press as it went over the wire. */
function recordPresses(slack: LocalSlack) {
  const { socket } = slack;
  const send = socket.send.bind(socket);
  let last: Parameters<typeof send>[0] | undefined;
  socket.send = (delivery, signal) => {
    if (delivery.kind === "block_actions") last = delivery;
    return send(delivery, signal);
  };
  return {
    async again(): Promise<void> {
      if (!last) throw new Error("nobody has pressed a button");
      await send(last, AbortSignal.timeout(5_000));
    },
  };
}
