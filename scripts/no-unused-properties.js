/**
 * A rule of ESLint: a component takes every property it declares. Reads what is written in the file
 * alone, where `svelte/no-unused-props` asks TypeScript and with it for all types of the browser UI.
 * Properties declared elsewhere are shared by several components, of which each takes what it needs.
 * @type {import('eslint').Rule.RuleModule}
 */
export const noUnusedProperties = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      unused: "'{{name}}' is declared but never taken.",
      whole: 'Take the properties apart where they arrive.',
    },
  },
  create: (context) => ({
    'VariableDeclarator[init.type="CallExpression"][init.callee.name="$props"]'({ id }) {
      if (id.type !== 'ObjectPattern') {
        context.report({ node: id, messageId: 'whole' });
        return;
      }
      if (id.properties.some(({ type }) => type === 'RestElement')) {
        return;
      }
      const taken = new Set(id.properties.map(({ key }) => key.name ?? key.value));
      for (const { key } of membersOf(id.typeAnnotation?.typeAnnotation, context.sourceCode.ast)) {
        const name = key?.name ?? key?.value;
        if (name !== undefined && !taken.has(name)) {
          context.report({ node: key, messageId: 'unused', data: { name } });
        }
      }
    },
  }),
};

/** The properties of a type that is written in this file. */
function membersOf(type, program) {
  if (type?.type === 'TSTypeLiteral') {
    return type.members;
  }
  const scripts = program.body.filter(({ type: kind }) => kind === 'SvelteScriptElement');
  const declarations = scripts.flatMap(({ body }) => body);
  const declared = declarations.find(
    (node) => node.type === 'TSInterfaceDeclaration' && node.id.name === type?.typeName?.name,
  );
  return declared?.body.body ?? [];
}
