/** Builds WMS into static files with hashed names that run under a strict content security policy. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { entityFacts } from './build/entity-facts.ts';

export default defineConfig({
  plugins: [svelte(), entityFacts()],
  // Nothing may become a data: address, an inline script or an inline style: the policy forbids them.
  build: {
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // One file with what every page needs, one per page, one per language: few round trips.
        codeSplitting: {
          groups: [
            { name: 'app', test: /node_modules|src\/(lib\/.*(?<!\.json)$|pages\/(frame|login))/ },
          ],
        },
      },
    },
  },
  // `npm run dev` talks to a daemon whose address is given in CAMPANILE_URL.
  server: {
    proxy: {
      '/api': {
        target: process.env['CAMPANILE_URL'] ?? 'https://127.0.0.1:8443',
        secure: false,
        ws: true,
        changeOrigin: true,
      },
    },
  },
});
