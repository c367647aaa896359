/** ESLint looks at what needs a parser of Svelte; `.oxlintrc.json` holds the same rules for all else. */
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import svelteParser from 'svelte-eslint-parser';
import tseslint from 'typescript-eslint';

const components = {
  files: ['wms-ui/**/*.svelte'],
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
    // The parser knows no types of component properties and takes them for any; svelte-check does
    // know them and refuses every implicit any.
    ...Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return'].map((name) => [
        `@typescript-eslint/no-unsafe-${name}`,
        'off',
      ]),
    ),
    '@typescript-eslint/restrict-plus-operands': [
      'error',
      {
        allowAny: true,
        allowBoolean: false,
        allowNullish: false,
        allowNumberAndString: false,
        allowRegExp: false,
      },
    ],
    // A quarter of the lint's time. There are no enums; classes with private fields are held apart
    // by TypeScript.
    '@typescript-eslint/no-unsafe-enum-assignment': 'off',
    '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  },
};

export default defineConfig(
  { ignores: ['build/', 'wms-ui/dist/', 'data*/', 'test/results/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...svelte.configs['flat/recommended'],
  components,
  {
    files: ['wms-ui/**/*.svelte', 'wms-ui/**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      parser: svelteParser,
      parserOptions: { parser: tseslint.parser },
    },
    rules: {
      // Asks TypeScript about every expression whether it is a store: there are none.
      'svelte/require-store-reactive-access': 'off',
      'no-restricted-imports': ['error', { name: 'svelte/store', message: 'State is runes.' }],
    },
  },
);
