/** Discord's styles of a moment in the tokens of `formatDate` ("Discord, Message Formatting": timestamp styles). */
const formats: Readonly<Record<string, string>> = {
  t: "{time}",
  T: "{time_secs}",
  d: "{date_num}",
  D: "{date}",
  f: "{date} at {time}",
  F: "{date_long} at {time}",
  s: "{date_num}, {time}",
  S: "{date_num}, {time_secs}",
  R: "{ago}",
};

/** `f` when there is no style. */
export function momentFormat(style: string | undefined): string {
  return formats[style ?? "f"] ?? "{date} at {time}";
}
