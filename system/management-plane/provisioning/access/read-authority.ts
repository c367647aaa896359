/** The certificate by which devices that look at it can trust our HTTPS. */
import { X509Certificate } from 'node:crypto';

const certificatePattern = /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g;
/** A certificate that is larger than devices take. */
const maximumLines = 100;

/**
 * Lines of base64 of the last certificate of the chain, when it signed itself: nobody else vouches for it. None
 * when somebody does, whom devices know or not.
 */
export function readAuthority(chain: string): readonly string[] {
  const last = [...chain.matchAll(certificatePattern)].at(-1);
  if (last?.[1] === undefined || !isSelfSigned(last[0])) {
    return [];
  }
  const lines = last[1].split('\n').flatMap((line) => line.trim() || []);
  return lines.length > maximumLines ? [] : lines;
}

function isSelfSigned(pem: string): boolean {
  const certificate = new X509Certificate(pem);
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}
