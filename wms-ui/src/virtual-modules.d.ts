/** Written by build/entity-facts.ts when the UI is built; typed by lib/forms/entity-facts.ts. */
declare module 'virtual:entity-facts' {
  export const userFacts: unknown;
  export const settingsFacts: unknown;
  export const provisioningFacts: unknown;
  export const deviceAccessFacts: unknown;
  export const externalLineFacts: unknown;
  export const deviceGroupFacts: unknown;
}
