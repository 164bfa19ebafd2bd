import type { VNode } from "preact";
import { sparkBars } from "./spark-bars.ts";

const width = 240;
const height = 56;
const seconds = 60;

/** Writes in each of the last 60 seconds; refused ones are hatched and stand on top. */
export function Sparkline({
  accepted,
  refused,
}: {
  accepted: readonly number[];
  refused: readonly number[];
}): VNode {
  const bars = sparkBars({ accepted, refused, seconds, height });
  const step = width / seconds;
  const label = `Writes in the last minute: ${sum(accepted)} accepted, ${sum(refused)} refused`;
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <Hatching />
      <line class="spark-floor" x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {bars.map((bar, index) => (
        <g key={index} transform={`translate(${index * step} 0)`}>
          <rect class="spark-accepted" width={step - 1} y={height - bar.accepted} height={bar.accepted} />
          {bar.refused > 0 && (
            <rect
              fill="url(#refused)"
              width={step - 0.5}
              y={height - bar.accepted - bar.refused}
              height={bar.refused}
            />
          )}
        </g>
      ))}
    </svg>
  );
}

function Hatching(): VNode {
  return (
    <defs>
      <pattern id="refused" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="4" height="4" class="spark-refused-ground" />
        <rect width="2" height="4" class="spark-refused-line" />
      </pattern>
    </defs>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
