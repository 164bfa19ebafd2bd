import type { Notification } from "../../core/notification.ts";
import type { Message } from "../message.ts";
import { presentConfirmation } from "./confirmation.ts";
import { presentFailed } from "./failed.ts";
import { presentGateDecided, presentSwitchReturned } from "./gate.ts";
import { presentPaused, presentResumed } from "./hold.ts";
import * as milestones from "./milestones.ts";
import { presentOverdue } from "./overdue.ts";
import { presentProgress } from "./progress.ts";
import { presentReadOnlyBegan, presentReadOnlyEnded } from "./read-only.ts";
import { presentSucceeded } from "./succeeded.ts";

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
    default:
      return presentDecision(news);
  }
}

type Reported =
  | "confirmation"
  | "progress"
  | "read-only-began"
  | "read-only-ended"
  | "switch-returned"
  | "gate-decided"
  | "succeeded"
  | "failed"
  | "overdue";

/** What people or time have decided of a migration. */
function presentDecision(news: Exclude<Notification, { readonly kind: Reported }>): Message {
  switch (news.kind) {
    case "cancelled":
      return milestones.presentCancelled(news.migration, news.by, news.started);
    case "retrying":
      return milestones.presentRetrying(news.migration, news.by, news.redo);
    case "paused":
      return presentPaused(news.migration, news.by);
    case "resumed":
      return presentResumed(news.migration, news.by);
    case "acknowledged":
      return milestones.presentAcknowledged(news.migration, news.by);
    case "solved":
      return milestones.presentSolved(news);
    case "returning":
      return milestones.presentReturning(news.migration, news.by);
    case "redeploying":
      return milestones.presentRedeploying(news);
    case "redeployed":
      return milestones.presentRedeployed(news);
    case "retirement-announced":
      return milestones.presentRetirementAnnounced(news.migration, news.dropAt);
    case "retired":
      return milestones.presentRetired(news.migration);
    case "recheck":
      return milestones.presentRecheck(news.migration, news.findings);
  }
}
