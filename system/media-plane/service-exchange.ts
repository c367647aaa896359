/**
 * The memory that the packet thread and the media worker exchange once per 20 ms tick, and the
 * numbers both know services and codecs by. native/service-exchange.h is the same layout in C++:
 *
 *   header   64 bytes: int32 number of records to visit
 *   records  352 bytes each: int32 generation, service, codec, received samples, is sending,
 *            3 reserved; 160 bytes received frame; 160 bytes frame to send
 */
import type { MediaService, ServiceCodec } from './media.ts';

export const serviceNumbers: Readonly<Record<MediaService, number>> = { echo: 1, milliwatt: 2 };
export const codecNumbers: Readonly<Record<ServiceCodec, number>> = { PCMU: 0, PCMA: 1 };
