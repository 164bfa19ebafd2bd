/** What is said of an application by what was seen of it. */
export const SEEN = {
  session: {
    done: "restarted and connected to the new database",
    late: "has not connected to the new database yet.",
    advice: "Restart it and look at its log.",
    again: "Look at its log, then press Redeploy.",
    summary: "Not connected yet",
  },
  deployment: {
    done: "was deployed again with the new database's variables",
    late: "was not deployed again.",
    advice: "Deploy it and look at its log.",
    again: "Look at its log, then press Redeploy.",
    summary: "Not deployed again",
  },
} as const;
