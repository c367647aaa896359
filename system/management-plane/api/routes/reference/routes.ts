/**
 * The API described by itself (API-043): the OpenAPI document, and the same as a page for people.
 * Both are made at the first request; a start does not wait for them.
 */
import { defineRoute, type Route } from '../../route.ts';

const reference = {
  method: 'GET',
  permission: 'public',
} as const;

/** `loadRoutes` gives the whole table, these routes included. */
export function createReferenceRoutes(loadRoutes: () => Promise<readonly Route[]>): Route[] {
  let documentText: string | undefined;
  let pageText: string | undefined;
  return [
    defineRoute({
      ...reference,
      path: '/openapi.json',
      summary: 'Gives the machine-readable description of this API.',
      answer: { kind: 'text', status: 200, type: 'application/json' },
      handler: async (_request, { version }) => {
        const { createOpenApiDocument } = await import('../../openapi.ts');
        documentText ??= JSON.stringify(createOpenApiDocument(await loadRoutes(), version));
        return { text: documentText };
      },
    }),
    defineRoute({
      ...reference,
      path: '/reference',
      summary: 'Gives the description of this API as a page for people.',
      answer: { kind: 'text', status: 200, type: 'text/html' },
      handler: async (_request, { version }) => {
        const { composeReferencePage } = await import('./reference-page.ts');
        pageText ??= composeReferencePage(await loadRoutes(), version);
        return { text: pageText };
      },
    }),
    defineRoute({
      ...reference,
      path: '/reference.css',
      summary: 'Gives the looks of the reference page.',
      answer: { kind: 'text', status: 200, type: 'text/css' },
      handler: async () => {
        const { referenceStyle } = await import('./reference-style.ts');
        return { text: referenceStyle };
      },
    }),
  ];
}
