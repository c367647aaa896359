/**
 * Where a phone's audio is sent first, until its own packets tell the place. What a phone behind NAT
 * says of itself is an address of its own network: useless from here, and as the one that is believed
 * it would leave the place to whoever sends first (design rule 7).
 */
import { isPrivateAddress } from '../../../foundation/private-network.ts';
import type { AudioTarget } from '../../sdp/anchor.ts';

/**
 * The target with the address that the phone's messages come from, when it names a private one and
 * they come from a public one. A private address named from a private network may be a media server
 * beside the signalling one, so it stays.
 */
export function reachableTarget(target: AudioTarget, signallingAddress: string): AudioTarget {
  return isPrivateAddress(target.address) && !isPrivateAddress(signallingAddress)
    ? { ...target, address: signallingAddress }
    : target;
}
