import { simulate } from "./simulate.ts";

/**
 * A program: `run-seeds FIRST COUNT [OUTAGE]` simulates that many seeds, with a chat that is out for so many milliseconds, and
 * prints one JSON line for all, one for each failure.
 */
const [first = 1, count = 1, outageMs = 0] = process.argv.slice(2).map(Number);
const kinds: Record<string, number> = {};
const total = { seeds: 0, deaths: 0, stops: 0, failures: 0, endings: {} as Record<string, number> };
for (let seed = first; seed < first + count; seed += 1) {
  const { violations, story, deaths, stops, endings } = await simulate(seed, outageMs);
  total.seeds += 1;
  total.deaths += deaths;
  total.stops += stops;
  for (const ending of endings) total.endings[ending] = (total.endings[ending] ?? 0) + 1;
  if (violations.length === 0) continue;
  total.failures += 1;
  for (const violation of violations) kinds[violation.split(" ")[0] ?? ""] = seed;
  if (total.failures <= 5) console.log(JSON.stringify({ seed, violations, story }));
}
console.log(JSON.stringify({ ...total, kinds }));
