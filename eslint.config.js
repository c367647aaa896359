/**
 * ESLint looks at what needs a parser of Svelte; `.oxlintrc.json` holds the same rules for all else.
 * Rules that ask for types read components as svelte-check compiles them: `.oxlintrc.components.json`.
 */
import svelte from 'eslint-plugin-svelte';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import svelteParser from 'svelte-eslint-parser';
import tseslint from 'typescript-eslint';
import { noUnusedProperties } from './scripts/no-unused-properties.js';

const components = {
  files: ['wms-ui/**/*.svelte'],
  extends: [tseslint.configs.strict, tseslint.configs.stylistic],
  plugins: { campanile: { rules: { 'no-unused-properties': noUnusedProperties } } },
  rules: {
    curly: 'error',
    eqeqeq: 'error',
    'no-console': 'error',
    '@typescript-eslint/consistent-type-imports': 'error',
    'campanile/no-unused-properties': 'error',
  },
};

export default defineConfig(
  {
    ignores: [
      'build/',
      'wms-ui/dist/',
      'wms-ui/.svelte-check/',
      'data*/',
      'test/results/',
      'test/fixtures/',
    ],
  },
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
      // Know nothing without TypeScript. There are no stores.
      'svelte/no-unused-props': 'off',
      'svelte/require-store-reactive-access': 'off',
      'no-restricted-imports': ['error', { name: 'svelte/store', message: 'State is runes.' }],
    },
  },
);
