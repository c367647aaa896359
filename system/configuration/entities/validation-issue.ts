/** One thing that is wrong with a document, as the API, the CSV preview and the forms show it. */
export interface ValidationIssue {
  /** Where in the document: `extension`, `aliases.2`; empty for the whole document. */
  readonly path: string;
  /** Stable, also the key of a sentence in the language tables. */
  readonly code: IssueCode;
  /** English, for people who read the API. */
  readonly message: string;
}

export type IssueCode =
  /** A required value is missing. */
  | 'missing'
  /** There is no such field. */
  | 'unknown-field'
  /** Wrong type, form, length or range. */
  | 'invalid-value'
  /** Someone or something else has this number, name or address. */
  | 'taken'
  /** The same value twice in one document. */
  | 'repeated'
  /** Reserved for the system. */
  | 'reserved'
  /** What is built in cannot be deleted, doubled or turned into something else. */
  | 'built-in'
  /** Two fields contradict each other. */
  | 'contradiction'
  /** An entity of that id is there already. */
  | 'exists'
  /** There is no entity of that id. */
  | 'not-found'
  /** A later change depends on the value that would be taken back. */
  | 'changed-since'
  /** A secret was sealed with the key of another installation. */
  | 'foreign-secret'
  /** A line of a text import cannot be read. */
  | 'unreadable';
