import { startPage } from "../page/start-page.ts";
import type { Stage } from "./start-stage.ts";
import { watchStage } from "./watch-stage.ts";

/** A running page of the demonstration. */
export interface ShownPage {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page that looks like Slack and Discord, with the databases and the shop beside it. */
export async function showPage(stage: Stage, port: number): Promise<ShownPage> {
  const watch = watchStage(stage);
  try {
    const page = await startPage({
      ...(stage.slack && { slack: stage.slack }),
      ...(stage.discord && { discord: stage.discord }),
      port,
      getDemoState: watch.state,
      onDemoAction: async (action) => {
        if (action.type === "fail-at") stage.failure.failAt = action.step;
        else stage.stand.switch.choose(action.name);
      },
    });
    const close = async () => {
      await page.close();
      await watch.stop();
    };
    return { url: page.url, close };
  } catch (error) {
    await watch.stop();
    throw error;
  }
}
