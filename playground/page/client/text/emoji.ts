/** The emoji that bots about databases use; another name stays as it is written. */
const emoji: Readonly<Record<string, string>> = {
  "+1": "👍",
  bird: "🐦",
  bug: "🐛",
  check: "✔",
  clock1: "🕐",
  eyes: "👀",
  fire: "🔥",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  information_source: "ℹ️",
  lock: "🔒",
  unlock: "🔓",
  mag: "🔍",
  no_entry: "⛔",
  pray: "🙏",
  rocket: "🚀",
  rotating_light: "🚨",
  tada: "🎉",
  thumbsup: "👍",
  warning: "⚠️",
  wave: "👋",
  white_check_mark: "✅",
  x: "❌",
};

/** The character behind a name; undefined when it is not known. */
export function emojiCharacter(name: string): string | undefined {
  return Object.hasOwn(emoji, name) ? emoji[name] : undefined;
}
