/** Light, dark, or as the system says; remembered in this browser. */
export const themeChoices = ['system', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const storageKey = 'campanile.theme';

class Theme {
  #choice = $state<ThemeChoice>('system');

  get choice(): ThemeChoice {
    return this.#choice;
  }

  start(): void {
    const stored = localStorage.getItem(storageKey);
    this.#apply(themeChoices.find((choice) => choice === stored) ?? 'system');
  }

  choose(choice: ThemeChoice): void {
    localStorage.setItem(storageKey, choice);
    this.#apply(choice);
  }

  #apply(choice: ThemeChoice): void {
    this.#choice = choice;
    document.documentElement.dataset['theme'] = choice;
  }
}

export const theme = new Theme();
