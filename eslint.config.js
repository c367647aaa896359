import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import svelteParser from 'svelte-eslint-parser';
import tseslint from 'typescript-eslint';

const typeScript = {
  files: ['**/*.ts', '**/*.svelte'],
  extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
  languageOptions: {
    parserOptions: {
      projectService: true,
      tsconfigRootDir: import.meta.dirname,
      extraFileExtensions: ['.svelte'],
    },
  },
  rules: {
    curly: 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    '@typescript-eslint/consistent-type-imports': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': 'error',
    '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  },
};

/** Protocol and decision code: clock, sockets and randomness come in from outside. */
const pureFolders = {
  files: [
    'system/call-plane/sip/**/*.ts',
    'system/call-plane/sdp/**/*.ts',
    'system/routing/**/*.ts',
    'system/configuration/**/*.ts',
    'provisioning/*.ts',
    'provisioning/{scope,template,identify,time-zone}/**/*.ts',
    'provisioning/vendors/*/*.ts',
  ],
  rules: {
    'no-restricted-globals': [
      'error',
      ...['setTimeout', 'setInterval', 'setImmediate', 'process', 'Date', 'performance'].map(
        (name) => ({ name, message: 'Pure code gets time and environment passed in.' }),
      ),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random', message: 'Pure code gets randomness passed in.' },
    ],
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['node:dgram', 'node:net', 'node:tls', 'node:fs', 'node:http*', 'node:dns'],
            message: 'Pure code gets sockets and files passed in.',
          },
        ],
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['build/', 'wms-ui/dist/', 'data*/', 'test/results/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.js'], languageOptions: { globals: globals.node } },
  typeScript,
  pureFolders,
  ...svelte.configs['flat/recommended'],
  {
    files: ['wms-ui/**/*.svelte', 'wms-ui/**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parser: svelteParser,
      parserOptions: { parser: tseslint.parser },
    },
  },
  {
    // The parser knows no types of component properties and takes them for any; svelte-check does
    // know them and refuses every implicit any.
    files: ['wms-ui/**/*.svelte'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((name) => [
        `@typescript-eslint/no-unsafe-${name}`,
        'off',
      ]),
    ),
  },
  {
    // Programs that talk on a terminal, and the tests' own figures.
    files: ['scripts/**', 'test/bench/**', 'system/daemon/{main,run}.ts'],
    rules: { 'no-console': 'off' },
  },
);
