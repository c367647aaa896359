/** What a file of a firmware set is for. Browser-safe. */
export const imageKinds = ['application', 'part', 'handset', 'boot-rom', 'licence'] as const;
/**
 * - `application`: what devices are told to install
 * - `handset`: firmware of the handsets of a DECT base
 * - `part`, `boot-rom`, `licence`: asked for by name beside it
 */
export type ImageKind = (typeof imageKinds)[number];
