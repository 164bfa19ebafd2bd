import type { VNode } from "preact";
import type { DemoShop } from "../../demo-state.ts";
import { formatCount, formatMs } from "./format.ts";
import { Sparkline } from "./sparkline.tsx";

/** The shop that keeps writing: its rate, and what was refused. */
export function ShopCard({ shop }: { shop: DemoShop }): VNode {
  return (
    <section class="lab-section" aria-label="The shop">
      <h3>The shop, writing</h3>
      <div class="shop-card">
        <div class="shop-rate">
          <strong>{formatCount(Math.round(shop.writesPerSecond))}</strong> writes per second
        </div>
        <Sparkline accepted={shop.history} refused={shop.refusedHistory} />
        <div class="shop-legend">
          <span class="legend-accepted">{formatCount(shop.accepted)} accepted</span>
          <span class="legend-refused">{formatCount(shop.refused)} refused</span>
        </div>
        <div class="shop-line">
          {shop.connectedTo === null ? "Not connected" : `Connected to ${shop.connectedTo}`}
        </div>
        <div class="shop-line">{refusedWords(shop.lastRefusedWindowMs)}</div>
      </div>
    </section>
  );
}

function refusedWords(windowMs: number | null): string {
  return windowMs === null
    ? "No write was refused so far."
    : `Writes were last refused for ${formatMs(windowMs)}.`;
}
