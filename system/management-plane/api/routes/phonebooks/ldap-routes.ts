/** The LDAP server: its state, and the login for phones and programs that are not provisioned from here. */
import { commonLogin } from '../../../phonebooks/phones/contacts-directory.ts';
import { requireIdentity } from '../../request/identity.ts';
import { defineRoute } from '../../route.ts';
import type { ApiServices } from '../../api-services.ts';
import { ldapPasswordSchema, ldapStateSchema, type LdapState } from './schema.ts';

export const ldapRoutes = [
  defineRoute({
    method: 'GET',
    path: '/ldap',
    permission: 'phonebooks.manage',
    summary: 'Tells whether the LDAP server runs and what phones need to use it.',
    answer: { kind: 'json', status: 200, schema: ldapStateSchema },
    handler: (_request, services) => ({ body: presentLdap(services) }),
  }),
  defineRoute({
    method: 'POST',
    path: '/ldap/retry',
    permission: 'phonebooks.manage',
    summary: 'Tries again to start the LDAP server where that failed, and tells whether it runs.',
    answer: { kind: 'json', status: 200, schema: ldapStateSchema },
    handler: async (_request, services) => {
      await services.phonebooks.retryLdap();
      return { body: presentLdap(services) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/ldap/password/reveal',
    permission: 'phonebooks.manage',
    summary: 'Tells the password of that login; kept in the audit log.',
    answer: { kind: 'json', status: 200, schema: ldapPasswordSchema },
    handler: async ({ identity, source }, { phonebooks, audit }) => {
      const { actor } = requireIdentity(identity);
      await audit.record({ action: 'ldap-password-shown', actor, address: source });
      return { body: { password: (await phonebooks.commonAccount.password()).reveal() } };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/ldap/password/renew',
    permission: 'phonebooks.manage',
    summary: 'Makes a new password for that login; the old one is worth nothing at once.',
    answer: { kind: 'json', status: 200, schema: ldapPasswordSchema },
    handler: async ({ identity, source }, { phonebooks, audit }) => {
      const { actor } = requireIdentity(identity);
      await audit.record({ action: 'ldap-password-reset', actor, address: source });
      return { body: { password: (await phonebooks.commonAccount.renew()).reveal() } };
    },
  }),
];

function presentLdap({
  phonebooks,
  provisioning,
  store,
}: Pick<ApiServices, 'phonebooks' | 'provisioning' | 'store'>): LdapState {
  const { state, detail, connections } = phonebooks.ldap;
  const { ldapBase, ldapPort, ldapsPort, ldapSecurity } = store.settings;
  return {
    state,
    detail,
    host: provisioning.address.hostFor(),
    port: ldapPort,
    tlsPort: ldapsPort,
    security: ldapSecurity,
    base: ldapBase,
    user: `cn=${commonLogin},${ldapBase}`,
    connections,
  };
}
