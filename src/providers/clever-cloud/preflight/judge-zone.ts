import type { Finding } from "../../../core/preflight.ts";
import type { ApiZone } from "../api/schemas.ts";
import { isHds } from "../catalogue.ts";

/** What the zones mean for a migration: where names lead, and who answers for health data. */
export function judgeZone(from: string, to: string, zones: readonly ApiZone[]): Finding[] {
  return [...(from === to ? [] : [moves(from, to)]), ...judgeHealthData(from, to, zones)];
}

function moves(from: string, to: string): Finding {
  return {
    check: "zone-change",
    level: "warning",
    summary: `The database moves from zone ${from} to ${to}: names can lead to the old place for up to 1 h.`,
    remedy: "Restart whatever still connects to the old address after that.",
  };
}

/** Where health data may be, each migration takes a second decision. Leaving such a zone has legal weight (HDS). */
function judgeHealthData(from: string, to: string, zones: readonly ApiZone[]): Finding[] {
  const [wasHds, willBeHds] = [isHds(from, zones), isHds(to, zones)];
  if (!wasHds && !willBeHds) return [];
  if (!willBeHds) return [leavesHds(from, to)];
  if (!wasHds) return [entersHds(to)];
  return [from === to ? staysInHds(from) : betweenHds(from, to)];
}

function leavesHds(from: string, to: string): Finding {
  return {
    check: "leaves-hds",
    level: "consent",
    summary: `The database leaves zone ${from}, which is certified for health data (HDS), for ${to}, which is not.`,
    remedy:
      "Consent only when whoever answers for the data has decided that it may leave; otherwise pick a certified zone.",
  };
}

function entersHds(to: string): Finding {
  return {
    check: "enters-hds",
    level: "consent",
    summary: `The database moves into zone ${to}, which is certified for health data (HDS).`,
    remedy: "Consent when whoever answers for the data wants it there.",
  };
}

function betweenHds(from: string, to: string): Finding {
  return {
    check: "between-hds",
    level: "consent",
    summary: `The database, which may hold health data, moves from zone ${from} to ${to}; both are certified for it (HDS).`,
    remedy: "Consent when whoever answers for the data wants it there.",
  };
}

function staysInHds(zone: string): Finding {
  return {
    check: "stays-in-hds",
    level: "consent",
    summary: `The database, which may hold health data, is copied to another instance in zone ${zone}, which is certified for it (HDS).`,
    remedy: "Consent when whoever answers for the data agrees to the migration.",
  };
}
