/** Takes the user to the first field the server objects to. */
import { tick } from 'svelte';

/** For a component with fields. Acts when the objections come, not when fields are put right one by one. */
export function focusFirstIssue(countIssues: () => number): void {
  let countBefore = 0;
  $effect(() => {
    const count = countIssues();
    if (countBefore === 0 && count > 0) {
      void showFirstIssue();
    }
    countBefore = count;
  });
}

async function showFirstIssue(): Promise<void> {
  await tick();
  const field = document.querySelector<HTMLElement>('[aria-invalid="true"]');
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}
