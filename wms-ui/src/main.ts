/** Starts WMS in the browser. */
import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import App from './App.svelte';
import { i18n } from './lib/i18n/i18n.svelte.ts';
import { router } from './lib/router/router.svelte.ts';
import { reloadAfterUpgrade } from './lib/state/reload-after-upgrade.ts';
import { session } from './lib/state/session.svelte.ts';
import { theme } from './lib/state/theme.svelte.ts';

reloadAfterUpgrade();
theme.start();
router.start();
await i18n.start();

const target = document.getElementById('app');
if (target === null) {
  throw new Error('The page has no element #app.');
}
mount(App, { target });
void session.restore();
