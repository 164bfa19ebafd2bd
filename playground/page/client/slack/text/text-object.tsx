import { Fragment, type VNode } from "preact";
import type { TextObject } from "../../../../slack/blocks/text.ts";
import { emojiCharacter } from "../../text/emoji.ts";
import { TextBlocks } from "../../text/text-blocks.tsx";
import { parseMrkdwn } from "./parse-mrkdwn.ts";

/** A text object of Block Kit: plain text is never parsed for anything but emoji. */
export function TextView({ text }: { text: TextObject }): VNode {
  if (text.type === "mrkdwn") return <Mrkdwn text={text.text} />;
  return <div class="paragraph">{plainLines(text)}</div>;
}

export function Mrkdwn({ text }: { text: string }): VNode {
  return <TextBlocks blocks={parseMrkdwn(text)} />;
}

/** Plain text for buttons, labels and titles. */
export function plainString({ text, emoji }: { text: string; emoji?: boolean | undefined }): string {
  if (emoji === false) return text;
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name: string) => emojiCharacter(name) ?? whole);
}

function plainLines(text: { text: string; emoji?: boolean | undefined }): VNode[] {
  return plainString(text)
    .split("\n")
    .map((line, index) => (
      <Fragment key={index}>
        {index > 0 && <br />}
        {line}
      </Fragment>
    ));
}
