/** One contact being added or edited: loading, saving with the entity tag, numbers beside the form. */
import type {
  Contact,
  ContactNumber,
  ContactWritten,
} from '../../../../system/management-plane/api/routes/phonebooks/schema.ts';
import { api } from '../../lib/api/client.ts';
import { describeIssue } from '../../lib/api/describe-error.ts';
import { ApiError } from '../../lib/api/problem.ts';
import { FormState } from '../../lib/forms/form-state.svelte.ts';
import type { FormValues } from '../../lib/forms/form-values.ts';
import { t } from '../../lib/i18n/i18n.svelte.ts';
import { tellPhonebookChange } from './tell-phonebook-change.ts';

export const contactFields = [
  'name',
  'firstName',
  'lastName',
  'organization',
  'jobTitle',
  'email',
  'speedCode',
  'address',
  'note',
] as const;

export class ContactEditor {
  readonly id: string;
  #contact = $state.raw<Contact | undefined>();
  #form = $state.raw<FormState | undefined>();
  #numbers = $state.raw<readonly ContactNumber[]>([]);
  #savedNumbers = $state.raw<readonly ContactNumber[]>([]);
  #numberIssues = $state.raw<Readonly<Record<number, string>>>({});
  #error = $state.raw<unknown>();
  #hasConflict = $state(false);
  #etag: string | undefined;

  constructor(id: string) {
    this.id = id;
    if (this.isNew) {
      this.#form = new FormState({});
      this.#numbers = [{ kind: 'office', number: '' }];
    }
  }

  get isNew(): boolean {
    return this.id === 'new';
  }

  get contact(): Contact | undefined {
    return this.#contact;
  }

  get form(): FormState | undefined {
    return this.#form;
  }

  get numbers(): readonly ContactNumber[] {
    return this.#numbers;
  }

  set numbers(numbers: readonly ContactNumber[]) {
    this.#numbers = numbers;
    this.#numberIssues = {};
  }

  /** By place in the list. */
  get numberIssues(): Readonly<Record<number, string>> {
    return this.#numberIssues;
  }

  get error(): unknown {
    return this.#error;
  }

  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  get isChanged(): boolean {
    return this.#form?.isChanged === true || this.#haveNumbersChanged;
  }

  async load(): Promise<void> {
    if (this.isNew) {
      return;
    }
    try {
      const reply = await api.request<Contact>('GET', `/contacts/${encodeURIComponent(this.id)}`);
      const haveOwn = this.#haveNumbersChanged;
      this.#contact = reply.data;
      this.#etag = reply.etag;
      this.#savedNumbers = reply.data.numbers;
      if (!haveOwn) {
        this.#numbers = reply.data.numbers;
      }
      if (this.#form === undefined) {
        this.#form = new FormState(toValues(reply.data));
      } else {
        this.#form.accept(toValues(reply.data));
      }
      this.#error = undefined;
    } catch (error) {
      this.#error = error;
    }
  }

  /** Resolves true when saved; issues are then beside their fields otherwise. */
  async save(phonebook: string, onundone: () => void): Promise<boolean> {
    const form = this.#form;
    if (form === undefined || (!this.isNew && !this.isChanged)) {
      return form !== undefined;
    }
    const numbers = this.#numbers.filter(({ number }) => number.trim() !== '');
    this.#hasConflict = false;
    this.#numberIssues = {};
    try {
      return await form.save(async () => {
        const { data, etag } = this.isNew
          ? await api.request<ContactWritten>('POST', '/contacts', {
              body: { phonebook, ...withoutEmpty(form.values), numbers },
            })
          : await api.request<ContactWritten>('PATCH', `/contacts/${encodeURIComponent(this.id)}`, {
              body: { ...form.changes, ...(this.#haveNumbersChanged ? { numbers } : {}) },
              ...(this.#etag === undefined ? {} : { ifMatch: this.#etag }),
            });
        this.#contact = data.contact;
        this.#etag = etag;
        this.#numbers = data.contact.numbers;
        this.#savedNumbers = data.contact.numbers;
        form.acceptSaved(toValues(data.contact));
        const text = t(this.isNew ? 'contacts.added' : 'contacts.saved', {
          name: data.contact.name,
        });
        tellPhonebookChange(text, data.change, onundone);
      });
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) {
        await this.load();
        this.#hasConflict = true;
        return false;
      }
      if (error instanceof ApiError && this.#takeNumberIssues(error)) {
        return false;
      }
      throw error;
    }
  }

  /** Whether some issue is one of a number; then it stands beside it. */
  #takeNumberIssues(error: ApiError): boolean {
    const found = error.issues.flatMap((issue): [number, string][] => {
      const index = /^numbers\.(\d+)/.exec(issue.path)?.[1];
      return index === undefined ? [] : [[Number(index), describeIssue(issue)]];
    });
    this.#numberIssues = Object.fromEntries(found);
    return found.length > 0;
  }

  get #haveNumbersChanged(): boolean {
    const filled = this.#numbers.filter(({ number }) => number.trim() !== '');
    return JSON.stringify(filled) !== JSON.stringify(this.#savedNumbers);
  }
}

function toValues(contact: Contact): FormValues {
  return Object.fromEntries(contactFields.map((name) => [name, contact[name]]));
}

function withoutEmpty(values: FormValues): FormValues {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== ''),
  );
}
