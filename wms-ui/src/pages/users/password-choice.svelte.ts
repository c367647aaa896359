/** For each kind of password: left alone, generated, or typed. */
import type { SetPasswordsRequest } from '../../../../system/management-plane/api/routes/users/schema.ts';

export const passwordKinds = ['web', 'sip'] as const;
/** What the API is told: a kind that is left out stays as it is. */
export type Passwords = Pick<SetPasswordsRequest, 'web' | 'sip'>;

export type PasswordKind = (typeof passwordKinds)[number];
type PasswordChoice = NonNullable<SetPasswordsRequest['web']>;
export type PasswordWay = 'keep' | 'generate' | 'type';

export class PasswordChoiceState {
  #ways = $state<Record<PasswordKind, PasswordWay>>({ web: 'generate', sip: 'generate' });
  #values = $state<Record<PasswordKind, string>>({ web: '', sip: '' });

  wayOf(kind: PasswordKind): PasswordWay {
    return this.#ways[kind];
  }

  valueOf(kind: PasswordKind): string {
    return this.#values[kind];
  }

  choose(kind: PasswordKind, way: PasswordWay): void {
    this.#ways[kind] = way;
  }

  type(kind: PasswordKind, value: string): void {
    this.#values[kind] = value;
  }

  /** Whether there is something to set and nothing is missing. */
  get isComplete(): boolean {
    return (
      passwordKinds.some((kind) => this.#ways[kind] !== 'keep') &&
      passwordKinds.every((kind) => this.#ways[kind] !== 'type' || this.#values[kind] !== '')
    );
  }

  get request(): Passwords {
    const request: { web?: PasswordChoice; sip?: PasswordChoice } = {};
    for (const kind of passwordKinds) {
      const way = this.#ways[kind];
      if (way !== 'keep') {
        request[kind] = way === 'generate' ? { generate: true } : { value: this.#values[kind] };
      }
    }
    return request;
  }
}
