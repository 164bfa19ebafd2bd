import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Message } from "../../../../discord/index.ts";
import { Icon } from "../../draw/icon.tsx";
import { formatBytes } from "../../lab/format.ts";
import { useMessageHost } from "./message-host.ts";

type Attachment = Message["attachments"][number];

/** A file that the message carries: its name downloads it, and its text can be read here. */
export function FileCard({ url }: { url: string }): VNode {
  const { attachments } = useMessageHost();
  const name = url.replace(/^attachment:\/\//, "");
  const attachment =
    attachments.find((one) => one.name === name) ?? attachments.find(({ id }) => url.includes(id));
  if (!attachment) return <p class="dc-file dc-file-missing">{name} is not here.</p>;
  return <OneFile attachment={attachment} />;
}

function OneFile({ attachment }: { attachment: Attachment }): VNode {
  const [isOpen, setOpen] = useState(false);
  const { name, sizeBytes, content } = attachment;
  return (
    <div class="dc-file">
      <div class="dc-file-top">
        <Icon name="file" size={30} />
        <div class="dc-file-names">
          <Download attachment={attachment} />
          <span class="dc-file-size">{formatBytes(sizeBytes)}</span>
        </div>
        <button
          type="button"
          class="icon-button"
          aria-expanded={isOpen}
          aria-label={isOpen ? `Hide the text of ${name}` : `Show the text of ${name}`}
          title={isOpen ? "Hide the text" : "Show the text"}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="eye" size={18} />
        </button>
      </div>
      {isOpen && (
        <pre class="pre dc-file-text" tabIndex={0}>
          {content}
        </pre>
      )}
    </div>
  );
}

function Download({ attachment: { name, content } }: { attachment: Attachment }): VNode {
  const [href, setHref] = useState("");
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([content], { type: "text/plain;charset=utf-8" }));
    setHref(url);
    return () => URL.revokeObjectURL(url);
  }, [content]);
  return (
    <a class="link dc-file-name" href={href} download={name} title={`Download ${name}`}>
      {name}
    </a>
  );
}
