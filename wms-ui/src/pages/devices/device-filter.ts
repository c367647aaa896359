/** Which devices the list shows: one choice for people, several parameters of the API. Pure. */
export const deviceFilters = [
  'waiting',
  'registered',
  'offline',
  'unprovisioned',
  'exception',
] as const;
export type DeviceFilter = (typeof deviceFilters)[number];

const parametersOf: Readonly<Record<DeviceFilter, Readonly<Record<string, string>>>> = {
  waiting: { assigned: 'false' },
  registered: { registered: 'true' },
  offline: { registered: 'false' },
  unprovisioned: { provisioned: 'false' },
  exception: { tftpException: 'true' },
};

/** `show` is the filter; everything else goes through as it is. */
export function toDeviceParameters({
  show,
  ...others
}: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const filter = deviceFilters.find((known) => known === show);
  return { ...others, ...(filter === undefined ? {} : parametersOf[filter]) };
}
