/** After an upgrade the pages that this browser knows are gone from the server: it takes the new ones. */
export function reloadAfterUpgrade(): void {
  addEventListener('vite:preloadError', () => {
    void reloadIfOther();
  });
}

/** A server that does not answer has not been upgraded: a reload would only lose what is shown. */
async function reloadIfOther(): Promise<void> {
  const script = document.querySelector('script[type=module][src]')?.getAttribute('src') ?? '';
  const answer = await fetch('/', { cache: 'no-store' }).catch(() => undefined);
  if (answer?.ok === true && !(await answer.text()).includes(script)) {
    location.reload();
  }
}
