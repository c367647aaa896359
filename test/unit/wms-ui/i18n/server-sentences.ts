/** Reads the sources of the server for the English sentences that pages may show. */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../../../..');
const folders = [
  'system/management-plane',
  'system/configuration',
  'system/daemon',
  'provisioning',
];

/** What these say is for programs, phones, log files or the terminal. */
const notForPages = new RegExp(
  [
    'provisioning/(dhcp/(message/|options/(phone-options|option-variables)|responder)|discovery/sip)',
    'provisioning/ftp/(data-address|listing|session)',
    'provisioning/(ldap|phonebook|pnp/|render|syslog|template/assignment-syntax|tftp|time-zone|vendors)',
    'provisioning/redirection/(authorization|xml-rpc)',
    'system/configuration/snapshot',
    'system/daemon/(banner|command-line|data-directory|run)',
    'system/management-plane/api/(server/|create-router|middleware|openapi|request/read-body|route-table)',
    'system/management-plane/api/routes/(reference|firmware/rollouts-routes)',
    'system/management-plane/configuration-store/(draft.ts|entity-rows|secret-seal|serialize|write-queue)',
    'system/management-plane/device-access/connect/(connect-session|cookie-jar|proxy-headers)',
    'system/management-plane/(event-note|records|storage|tls-certificate)',
  ]
    .map((path) => `^${path}`)
    .join('|'),
);
/** Errors with these codes are told by a text of the page's own (`error.<code>`), or by status. */
const toldByCode =
  /^'(blocked|busy|closed|cross-site|internal|locked|must-change-password|no-space|not-found|not-pending|pending|precondition-required|stale|timeout|too-large|too-many-requests|unauthenticated|unavailable|unreadable-body|vendor-data|wrong-credentials)'$/;

const tellingCalls =
  /^(addIssue|assign|check|conflict|fail|invalid|invalidPassword|onProblem|problem|push|refuse|regex|report|revert|tell|toSentence)$/;
const tellingNames =
  /^(detail|empty|error|message|missingKey|otherwise|problem|reason|sentence|wrong)$/;
/** The lines around a certificate are none. */
const aSentence = /^(?!-----).*[a-z]\S* .*[a-z]/i;

/** Sentences with `{}` for what is filled in, each with the file that says it. */
export function readServerSentences(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const file of readdirSync(resolve(root, folder), { recursive: true, encoding: 'utf8' })) {
      const path = `${folder}/${file}`;
      if (path.endsWith('.ts') && !notForPages.test(path)) {
        const text = readFileSync(resolve(root, path), 'utf8');
        const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
        visit(tree, (sentence) => found.set(sentence, path));
      }
    }
  }
  return found;
}

function visit(node: ts.Node, note: (sentence: string) => void): void {
  for (const value of toldBy(node)) {
    for (const sentence of sentencesOf(value)) {
      if (aSentence.test(sentence)) {
        note(sentence);
      }
    }
  }
  node.forEachChild((child) => {
    visit(child, note);
  });
}

/** Expressions that are told to somebody. */
function toldBy(node: ts.Node): readonly ts.Expression[] {
  if (ts.isNewExpression(node)) {
    const [code, message] = node.arguments ?? [];
    const isTold = message !== undefined && code !== undefined && !toldByCode.test(code.getText());
    return isTold && node.expression.getText().endsWith('Error') ? [message] : [];
  }
  if (ts.isCallExpression(node)) {
    const callee = node.expression;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name.text : callee.getText();
    return tellingCalls.test(name.replace('#', '')) ? node.arguments : [];
  }
  if (ts.isArrayLiteralExpression(node)) {
    return node.elements;
  }
  if (ts.isReturnStatement(node)) {
    return node.expression === undefined ? [] : [node.expression];
  }
  if (ts.isArrowFunction(node)) {
    return ts.isBlock(node.body) ? [] : [node.body];
  }
  const isNamed =
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node);
  return isNamed && node.initializer !== undefined && tellingNames.test(node.name.getText())
    ? [node.initializer]
    : [];
}

function sentencesOf(node: ts.Expression): readonly string[] {
  if (ts.isConditionalExpression(node)) {
    return [...sentencesOf(node.whenTrue), ...sentencesOf(node.whenFalse)];
  }
  if (ts.isBinaryExpression(node)) {
    return [...sentencesOf(node.left), ...sentencesOf(node.right)];
  }
  if (ts.isParenthesizedExpression(node)) {
    return sentencesOf(node.expression);
  }
  if (ts.isStringLiteralLike(node)) {
    return [node.text];
  }
  return ts.isTemplateExpression(node)
    ? [node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join('')]
    : [];
}
