/** Why the page of a device cannot be opened, as codes for programs and languages. Browser-safe. */

/** In the order in which they are looked for. */
export const connectObstacles = [
  'off',
  'no-address',
  'own-address',
  'not-private',
  'elsewhere',
] as const;
export type ConnectObstacle = (typeof connectObstacles)[number];
