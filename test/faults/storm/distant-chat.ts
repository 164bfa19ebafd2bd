import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { type ChatPort, DeliveryError, type DeliveryProblem } from "../../../src/core/ports/chat.ts";

/** What a process asks of the chat, in the words of the port. */
interface Call {
  readonly method: "post" | "update" | "find";
  readonly args: readonly unknown[];
}

type Answer = { readonly result: unknown } | { readonly problem: DeliveryProblem };

/** Lets other processes reach a chat of this one; resolves with its URL and what ends it. */
export async function serveChat(port: ChatPort): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void (async () => {
      const answer = await answerTo(port, (await json(request)) as Call);
      response.end(JSON.stringify(answer));
    })().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function answerTo(port: ChatPort, { method, args }: Call): Promise<Answer> {
  try {
    const act = port[method] as (...given: readonly unknown[]) => Promise<unknown>;
    return { result: await act(...args) };
  } catch (error) {
    if (error instanceof DeliveryError) return { problem: error.problem };
    throw error;
  }
}

/** That chat, as another process sees it. */
export function distantChat(url: string, port: ChatPort): ChatPort {
  const call = async (method: Call["method"], args: readonly unknown[]): Promise<unknown> => {
    const unclear = method === "post" ? "doubtful" : "unreachable";
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ method, args }) }).catch(
      () => {
        throw new DeliveryError({ kind: unclear });
      },
    );
    const answer = (await response.json()) as Answer;
    if ("problem" in answer) throw new DeliveryError(answer.problem);
    return answer.result;
  };
  return {
    ...port,
    post: (...args) => call("post", args) as Promise<string>,
    update: (...args) => call("update", args) as Promise<string>,
    find: (...args) => call("find", args) as ReturnType<ChatPort["find"]>,
  };
}
