/** Tokens as they leave: never the secret, except once by whoever made it. */
import type { Token as StoredToken } from '../../../accounts/tokens.ts';
import { presentInstant, presentOptionalInstant } from '../../wire/instant.ts';
import type { Token } from './schema.ts';

export function presentToken(token: StoredToken): Token {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    userId: token.userId,
    createdAt: presentInstant(token.createdAtMs),
    lastUsedAt: presentOptionalInstant(token.lastUsedAtMs),
    expiresAt: presentOptionalInstant(token.expiresAtMs),
  };
}
