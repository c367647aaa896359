/** The reference page: every route with permission, parameters and JSON schemas, without scripts. */
import { z } from 'zod';
import { apiPrefix } from '../../api-prefix.ts';
import { maxBodyBytes } from '../../request/body-type.ts';
import { tagOf } from '../../openapi.ts';
import { rolesOfPermission } from '../../permission.ts';
import { problemStatuses } from '../../errors/problem-of-error.ts';
import type { Route } from '../../route.ts';

export function composeReferencePage(routes: readonly Route[], version: string): string {
  const byResource = Map.groupBy(routes, tagOf);
  const resources = [...byResource.keys()].sort();
  const links = resources.map((name) => `<a href="#${escape(name)}">${escape(name)}</a>`).join(' ');
  const sections = resources.map(
    (name) =>
      `<h2 id="${escape(name)}">${escape(name)}</h2>` +
      (byResource.get(name) ?? []).map(composeRoute).join(''),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Campanile API</title>
<link rel="stylesheet" href="${apiPrefix}/reference.css">
</head>
<body>
<h1>Campanile API ${escape(version)}</h1>
<p>All paths begin with <code>${apiPrefix}</code>. Browsers log in with <code>POST /session</code>, keep
the cookie and send <code>X-CSRF-Token</code> with every POST, PATCH and DELETE; programs send
<code>Authorization: Bearer …</code> with a token. PATCH changes only the fields that are named; where
an entity has an ETag, PATCH and DELETE need it in <code>If-Match</code>. The machine-readable form of
this page is <a href="${apiPrefix}/openapi.json">openapi.json</a>; <code>${apiPrefix}/events</code> is a
websocket that tells what to load again.</p>
<nav>${links} <a href="#problems">problems</a></nav>
${sections.join('\n')}
<h2 id="problems">problems</h2>
<p>Every refusal is an <code>application/problem+json</code> (RFC 9457) with a stable
<code>code</code> and all <code>issues</code> at once.</p>
<table><tr><th>code</th><th>status</th><th>title</th></tr>
${Object.entries(problemStatuses).map(composeProblem).join('\n')}
</table>
</body>
</html>
`;
}

function composeRoute(route: Route): string {
  const { permission, body, answer } = route;
  const who =
    permission === 'public'
      ? 'Needs no account.'
      : `Permission <code>${permission}</code>: ${rolesOfPermission[permission].join(', ')}.`;
  const parts = [
    `<h3><code>${route.method} ${escape(route.path)}</code></h3>`,
    `<p>${escape(route.summary)} ${who}${route.needsIfMatch ? ' Needs <code>If-Match</code>.' : ''}</p>`,
    composeSchema('Path', route.params, 'input'),
    composeSchema('Query', route.query, 'input'),
  ];
  if (body !== undefined) {
    const limit = String(maxBodyBytes[body.type]);
    parts.push(composeSchema(`Body, ${body.type}, at most ${limit} bytes`, body.schema, 'input'));
  }
  switch (answer.kind) {
    case 'json':
      parts.push(composeSchema(`Answer ${String(answer.status)}`, answer.schema, 'output'));
      break;
    case 'text':
      parts.push(`<p>Answer ${String(answer.status)}: ${escape(answer.type)}.</p>`);
      break;
    case 'none':
      parts.push(`<p>Answer ${String(answer.status)}, without content.</p>`);
      break;
  }
  return parts.join('\n');
}

function composeSchema(
  title: string,
  schema: z.ZodType | undefined,
  io: 'input' | 'output',
): string {
  if (schema === undefined) {
    return '';
  }
  const text = JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: 'any' }), null, 2);
  return `<details><summary>${escape(title)}</summary><pre>${escape(text)}</pre></details>`;
}

function composeProblem([code, { status, title }]: [
  string,
  { readonly status: number; readonly title: string },
]): string {
  return `<tr id="problem-${escape(code)}"><td><code>${escape(code)}</code></td><td>${String(status)}</td><td>${escape(title)}</td></tr>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
