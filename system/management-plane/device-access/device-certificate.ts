/**
 * Which device a client certificate belongs to, once its chain was verified. The patterns of the vendors
 * say where the MAC stands; a common name that is nothing but a MAC counts for every authority. Pure.
 */
import { identifyDevice } from '../../../provisioning/identify/identify-device.ts';
import { parseMac } from '../../../provisioning/mac.ts';
import type { VendorCatalogue } from '../../../provisioning/vendors/vendor-catalogue.ts';

export interface DeviceCertificate {
  /** As Node writes names: one attribute to a line. */
  readonly subject: string;
  readonly issuer: string;
  /** The authority in the list that it leads to. */
  readonly authority: { readonly name: string; readonly vendor: string | undefined };
}

/** Undefined when no MAC stands in it, or one that the authority may not speak for. */
export function macOfCertificate(
  catalogue: VendorCatalogue,
  { subject, issuer, authority }: DeviceCertificate,
): string | undefined {
  const commonNames = subject.split('\n').filter((line) => line.startsWith('CN='));
  if (commonNames.length !== 1) {
    // Two names are nobody's.
    return undefined;
  }
  const { mac, macSource, macConflict } = identifyDevice(catalogue, {
    certificate: { subject, issuer },
  });
  const named = macSource === 'certificate' && macConflict.length === 0 ? mac : undefined;
  const found = named ?? parseMac((commonNames[0] ?? '').slice('CN='.length));
  if (found === undefined || authority.vendor === undefined) {
    return found;
  }
  const owners = catalogue.findByMac(found);
  return owners.some(({ data }) => data.id === authority.vendor) ? found : undefined;
}
