import type { VNode } from "preact";
import type { Block, TableCell } from "../../../../slack/blocks/block.ts";
import { TextBlocks } from "../../text/text-blocks.tsx";
import { fromRichText } from "../text/from-rich-text.ts";

type Table = Extract<Block, { type: "table" }>;

/** A table whose first row names the columns; a wide one scrolls by itself. */
export function TableBlock({ block }: { block: Table }): VNode {
  const [head, ...rows] = block.rows;
  return (
    <div class="block block-table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head?.map((cell, column) => (
              <th key={column} scope="col" class={cellClass(block, column)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} class={cellClass(block, column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell }: { cell: TableCell }): VNode {
  if (cell.type === "rich_text") return <TextBlocks blocks={fromRichText(cell)} />;
  return <>{cell.text}</>;
}

function cellClass({ column_settings: settings }: Table, column: number): string {
  const { align = "left", is_wrapped: isWrapped = false } = settings?.[column] ?? {};
  return `cell-${align}${isWrapped ? " cell-wrapped" : ""}`;
}
