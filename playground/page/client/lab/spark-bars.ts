export interface SparkBar {
  readonly accepted: number;
  readonly refused: number;
}

/** Heights of the bars, newest last; a chart with fewer seconds than asked for begins with empty ones. */
export function sparkBars(chart: {
  readonly accepted: readonly number[];
  readonly refused: readonly number[];
  readonly seconds: number;
  readonly height: number;
}): SparkBar[] {
  const accepted = lastOf(chart.accepted, chart.seconds);
  const refused = lastOf(chart.refused, chart.seconds);
  const highest = Math.max(1, ...accepted.map((count, index) => count + (refused[index] ?? 0)));
  return accepted.map((count, index) => ({
    accepted: (count * chart.height) / highest,
    refused: ((refused[index] ?? 0) * chart.height) / highest,
  }));
}

function lastOf(values: readonly number[], count: number): number[] {
  const last = values.slice(-count);
  return [...Array.from({ length: count - last.length }, () => 0), ...last];
}
