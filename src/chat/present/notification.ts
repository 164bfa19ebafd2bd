import type { Notification } from "../../core/notification.ts";
import type { Message } from "../message.ts";
import { presentConfirmation } from "./confirmation.ts";
import { presentFailed } from "./failed.ts";
import { presentFreezing } from "./freeze.ts";
import { presentGateDecided, presentSwitchReturned } from "./gate.ts";
import { presentPaused, presentResumed } from "./hold.ts";
import { presentMilestone } from "./milestones.ts";
import { presentOverdue } from "./overdue.ts";
import { presentProgress } from "./progress.ts";
import { presentReadOnlyBegan, presentReadOnlyEnded } from "./read-only.ts";
import { presentStartNews } from "./schedule.ts";
import { presentSucceeded } from "./succeeded.ts";
import { presentSupportPack } from "./support-pack.ts";
import { presentWatch } from "./watch.ts";

/** Puts a notification into words; pure, so that a message sent late or twice says the same. */
export function presentNotification(news: Notification): Message {
  switch (news.kind) {
    case "confirmation":
      return presentConfirmation(news.migration, news.confirmable);
    case "progress":
      return presentProgress(news.migration, news.steps, news.at);
    case "read-only-began":
      return presentReadOnlyBegan(news.migration);
    case "read-only-ended":
      return presentReadOnlyEnded(news.migration, news.on);
    case "switch-returned":
      return presentSwitchReturned(news.migration);
    case "gate-decided":
      return presentGateDecided(news.migration, news.by);
    case "succeeded":
      return presentSucceeded(news);
    case "failed":
      return presentFailed(news);
    case "overdue":
      return presentOverdue(news);
    case "stuck":
    case "support-called":
    case "page-escalated":
      return presentWatch(news);
    case "support-pack":
      return presentSupportPack(news);
    case "paused":
      return presentPaused(news.migration, news.by);
    case "start-reminder":
    case "start-held":
      return presentStartNews(news);
    case "frozen":
    case "unfrozen":
      return presentFreezing(news);
    case "resumed":
      return presentResumed(news.migration, news.by);
    default:
      return presentMilestone(news);
  }
}
