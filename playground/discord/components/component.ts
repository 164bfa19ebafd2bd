/**
 * Message and modal components in the shape the app sends them, with every `id` filled in ("Discord, Component
 * Reference").
 */
export type Component =
  | ActionRow
  | Button
  | StringSelect
  | EntitySelect
  | TextInput
  | Section
  | TextDisplay
  | Thumbnail
  | MediaGallery
  | FilePart
  | Separator
  | Container
  | Label
  | FileUpload
  | RadioGroup
  | CheckboxGroup
  | Checkbox;

/** What takes a value in a modal. */
export type Field =
  | StringSelect
  | EntitySelect
  | TextInput
  | FileUpload
  | RadioGroup
  | CheckboxGroup
  | Checkbox;

export interface Emoji {
  readonly id?: string | null;
  readonly name?: string | null;
}

export interface ActionRow {
  readonly type: 1;
  readonly id: number;
  readonly components: readonly (Button | StringSelect | EntitySelect | TextInput)[];
}

export interface Button {
  readonly type: 2;
  readonly id: number;
  /** 1 primary, 2 secondary, 3 success, 4 danger, 5 link, 6 premium. */
  readonly style: 1 | 2 | 3 | 4 | 5 | 6;
  readonly label?: string | null;
  readonly emoji?: Emoji | null;
  readonly custom_id?: string | null;
  readonly url?: string | null;
  readonly disabled?: boolean | null;
}

export interface Option {
  readonly label: string;
  readonly value: string;
  readonly description?: string | null;
  readonly emoji?: Emoji | null;
  readonly default?: boolean | null;
}

interface Select {
  readonly id: number;
  readonly custom_id: string;
  readonly placeholder?: string | null;
  /** 1 when left out. */
  readonly min_values?: number | null;
  /** 1 when left out. */
  readonly max_values?: number | null;
  readonly disabled?: boolean | null;
  /** In modals only; true when left out. */
  readonly required?: boolean | null;
}

export interface StringSelect extends Select {
  readonly type: 3;
  readonly options: readonly Option[];
}

/** Of users, roles, both, or channels. */
export interface EntitySelect extends Select {
  readonly type: 5 | 6 | 7 | 8;
  readonly default_values?: readonly { readonly id: string; readonly type: string }[] | null;
}

export interface TextInput {
  readonly type: 4;
  readonly id: number;
  readonly custom_id: string;
  /** 1 one line, 2 a paragraph. */
  readonly style: 1 | 2;
  readonly label?: string | null;
  readonly value?: string | null;
  readonly placeholder?: string | null;
  readonly required?: boolean | null;
  readonly min_length?: number | null;
  readonly max_length?: number | null;
}

export interface Section {
  readonly type: 9;
  readonly id: number;
  readonly components: readonly TextDisplay[];
  readonly accessory: Button | Thumbnail;
}

export interface TextDisplay {
  readonly type: 10;
  readonly id: number;
  readonly content: string;
}

interface Media {
  readonly url: string;
}

export interface Thumbnail {
  readonly type: 11;
  readonly id: number;
  readonly media: Media;
  readonly description?: string | null;
  readonly spoiler?: boolean | null;
}

export interface MediaGallery {
  readonly type: 12;
  readonly id: number;
  readonly items: readonly {
    readonly media: Media;
    readonly description?: string | null;
    readonly spoiler?: boolean | null;
  }[];
}

/** Shows an attachment; `file.url` is `attachment://name`. */
export interface FilePart {
  readonly type: 13;
  readonly id: number;
  readonly file: Media;
  readonly spoiler?: boolean | null;
}

export interface Separator {
  readonly type: 14;
  readonly id: number;
  /** A line is drawn unless false. */
  readonly divider?: boolean | null;
  /** 1 small, 2 large. */
  readonly spacing?: 1 | 2 | null;
}

export interface Container {
  readonly type: 17;
  readonly id: number;
  /** RGB of the bar at the left side. */
  readonly accent_color?: number | null;
  readonly spoiler?: boolean | null;
  readonly components: readonly (ActionRow | TextDisplay | Section | MediaGallery | FilePart | Separator)[];
}

export interface Label {
  readonly type: 18;
  readonly id: number;
  readonly label: string;
  readonly description?: string | null;
  readonly component: Field;
}

export interface FileUpload {
  readonly type: 19;
  readonly id: number;
  readonly custom_id: string;
  readonly min_values?: number | null;
  readonly max_values?: number | null;
  readonly required?: boolean | null;
}

export interface RadioGroup {
  readonly type: 21;
  readonly id: number;
  readonly custom_id: string;
  readonly required?: boolean | null;
  readonly options: readonly Option[];
}

export interface CheckboxGroup {
  readonly type: 22;
  readonly id: number;
  readonly custom_id: string;
  readonly min_values?: number | null;
  readonly max_values?: number | null;
  readonly required?: boolean | null;
  readonly options: readonly Option[];
}

export interface Checkbox {
  readonly type: 23;
  readonly id: number;
  readonly custom_id: string;
  readonly default?: boolean | null;
}
