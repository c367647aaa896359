/** Keeps unsaved changes: nobody leaves the page, reloads it or closes the tab without being asked. */
import { router } from '../router/router.svelte.ts';
import { askToDiscard } from './ask-to-discard.ts';

/** Guards until the returned function is called; made for `onMount`. */
export function guardEdits(hasEdits: () => boolean): () => void {
  const stopGuarding = router.guard(async () => askToDiscard(hasEdits()));
  // The browser asks in its own words.
  const keepOpen = (event: BeforeUnloadEvent): void => {
    if (hasEdits()) {
      event.preventDefault();
    }
  };
  addEventListener('beforeunload', keepOpen);
  return () => {
    stopGuarding();
    removeEventListener('beforeunload', keepOpen);
  };
}
