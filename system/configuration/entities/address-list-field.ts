/** A field that lists IP addresses and networks, as administrators write them. */
import { z } from 'zod';
import { defaultedField } from './field.ts';

const addressOrNetwork = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

/** Empty at first; at most 100 entries. */
export function addressListField(label: string, help: string) {
  return defaultedField(
    z
      .array(
        z
          .string()
          .trim()
          .refine(
            (text) => addressOrNetwork.safeParse(text).success,
            'must be an address or a network such as 192.0.2.0/24',
          ),
      )
      .max(100),
    [],
    { label, help, changeableBy: ['superadmin'] },
  );
}
