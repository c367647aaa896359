/** Calls every route of phonebooks once, in an order in which each succeeds. */
import type { CallRoute } from './call-route.ts';

export async function callPhonebookRoutes(call: CallRoute): Promise<void> {
  const book = (await call('POST', '/phonebooks', { body: { name: 'Suppliers' } })) as {
    id: string;
  };
  const path = `/phonebooks/${book.id}`;
  await call('GET', '/phonebooks');
  await call('GET', '/phonebooks/{id}', { path });
  await call('PATCH', '/phonebooks/{id}', {
    path,
    body: { readers: { everyone: false, users: [], departments: ['Sales'], mayEdit: true } },
  });

  const { contact } = (await call('POST', '/contacts', {
    body: {
      phonebook: book.id,
      name: 'Zoë <b>Müller</b>',
      organization: 'Müller & Söhne',
      numbers: [{ kind: 'mobile', number: '+49 171 1234567' }],
      speedCode: '77',
    },
  })) as { contact: { id: string } };
  await call('GET', '/contacts', { path: `/contacts?phonebook=${book.id}&search=muller` });
  const contactPath = `/contacts/${contact.id}`;
  await call('GET', '/contacts/{id}', { path: contactPath });
  await call('PATCH', '/contacts/{id}', {
    path: contactPath,
    body: { speedCode: null, note: 'Ask for Zoë.' },
  });

  await call('POST', '/phonebooks/{id}/import-csv/preview', {
    path: `${path}/import-csv/preview`,
    body: 'name,mobile\r\nAnna,+39 333 1234567\r\n',
    headers: { 'content-type': 'text/csv' },
  });
  const preview = (await call('POST', '/phonebooks/{id}/import-vcard/preview', {
    path: `${path}/import-vcard/preview?duplicates=keep-both`,
    body: 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bruno\r\nTEL;TYPE=work:+390461123456\r\nEND:VCARD\r\n',
    headers: { 'content-type': 'text/vcard' },
  })) as { importId: string };
  await call('POST', '/phonebooks/{id}/import', {
    path: `${path}/import`,
    body: { importId: preview.importId },
  });
  await call('GET', '/phonebooks/{id}/export.csv', { path: `${path}/export.csv` });
  await call('GET', '/phonebooks/{id}/export.vcf', { path: `${path}/export.vcf?version=4.0` });

  await call('DELETE', '/contacts/{id}', { path: contactPath });
  const { change } = (await call('POST', '/contacts/delete', {
    body: { phonebook: book.id },
  })) as { change: number };
  await call('GET', '/phonebook-changes', { path: `/phonebook-changes?phonebook=${book.id}` });
  await call('POST', '/phonebook-changes/{id}/undo', {
    path: `/phonebook-changes/${String(change)}/undo`,
  });
  await call('DELETE', '/phonebooks/{id}', { path });

  await call('GET', '/ldap');
  await call('POST', '/ldap/retry');
  await call('POST', '/ldap/password/renew');
  await call('POST', '/ldap/password/reveal');
}
