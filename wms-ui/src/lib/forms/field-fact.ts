/** What a form is told about a field by the entity's declaration. */
export interface FieldFact {
  readonly kind: 'text' | 'integer' | 'switch' | 'choice' | 'list';
  readonly isRequired: boolean;
  readonly defaultValue: string | number | boolean | readonly string[] | undefined;
  readonly unit: 's' | 'min' | 'days' | 'characters' | 'revisions' | undefined;
  /** Roles that may change it; `self` is the user of the record. */
  readonly changeableBy: readonly ('superadmin' | 'admin' | 'self')[];
  readonly choices: readonly string[] | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly maxLength: number | undefined;
}
