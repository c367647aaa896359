/** Calls every route of models, templates and files of devices once, in an order in which each succeeds. */
import type { CallRoute } from './call-route.ts';

interface Created {
  readonly id: string;
}

export async function callDeviceDataRoutes(call: CallRoute): Promise<void> {
  const model = (await call('POST', '/device-models', {
    body: { vendor: 'yealink', model: 'T54W', settings: { 'time.ntpServer1': 'ntp.example' } },
  })) as Created;
  const modelPath = `/device-models/${encodeURIComponent(model.id)}`;
  await call('GET', '/device-models');
  await call('GET', '/device-models/{id}', { path: modelPath });
  await call('PATCH', '/device-models/{id}', {
    path: modelPath,
    body: { settings: { 'time.ntpServer1': null } },
  });
  await call('DELETE', '/device-models/{id}', { path: modelPath });

  const template = { vendor: 'yealink', file: 'device.boot.tmpl', text: '#!version:1.0.0.1\n' };
  await call('POST', '/device-templates/check', { body: template });
  const { id } = (await call('POST', '/device-templates', {
    body: { name: 'Branch', ...template },
  })) as Created;
  const templatePath = `/device-templates/${id}`;
  await call('GET', '/device-templates');
  await call('GET', '/device-templates/shipped/{vendor}', {
    path: '/device-templates/shipped/yealink',
  });
  await call('GET', '/device-templates/{id}', { path: templatePath });
  await call('PATCH', '/device-templates/{id}', { path: templatePath, body: { isEnabled: false } });
  await call('DELETE', '/device-templates/{id}', { path: templatePath });

  const file = (await call('POST', '/device-files', {
    body: { name: 'dialplan.xml', text: '<dialplan/>' },
  })) as Created;
  const filePath = `/device-files/${file.id}`;
  await call('GET', '/device-files');
  await call('GET', '/device-files/{id}', { path: filePath });
  await call('PATCH', '/device-files/{id}', { path: filePath, body: { comment: 'Digits' } });
  await call('DELETE', '/device-files/{id}', { path: filePath });
}
