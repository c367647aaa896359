/** A phonebook, and who may see and change it. Pure. */

/**
 * `shared`: made by administrators. `personal`: of one user, who alone sees it. `colleagues`: every user
 * with an extension, kept by the system itself.
 */
export type PhonebookKind = 'shared' | 'personal' | 'colleagues';

/** Of a shared book; the others need none. */
export interface Readers {
  readonly everyone: boolean;
  /** Ids of users, and names of departments. */
  readonly users: readonly string[];
  readonly departments: readonly string[];
  /** Who sees the book may change its contacts, too. */
  readonly mayEdit: boolean;
}

export interface Phonebook {
  readonly id: string;
  readonly kind: PhonebookKind;
  readonly name: string;
  readonly ownerId: string | undefined;
  readonly readers: Readers;
  /** Counted up by every change of the book itself; 0: not written yet. */
  readonly version: number;
}

/** Who looks: an account, or the user of a phone. */
export interface Viewer {
  readonly userId: string | undefined;
  readonly department: string | undefined;
  /** Sees and changes every shared book. */
  readonly isAdministrator: boolean;
}

export const colleaguesId = 'colleagues';
export const everyone: Readers = { everyone: true, users: [], departments: [], mayEdit: false };

export function personalBookId(userId: string): string {
  return `user-${userId}`;
}

/** Every user with an extension. */
export const colleaguesBook: Phonebook = {
  id: colleaguesId,
  kind: 'colleagues',
  name: 'Colleagues',
  ownerId: undefined,
  readers: everyone,
  version: 1,
};

/** As it is before the first contact. */
export function ownBook(userId: string): Phonebook {
  return {
    id: personalBookId(userId),
    kind: 'personal',
    name: 'My phonebook',
    ownerId: userId,
    readers: { ...everyone, everyone: false },
    version: 0,
  };
}

export function maySee({ kind, ownerId, readers }: Phonebook, viewer: Viewer): boolean {
  switch (kind) {
    case 'colleagues':
      return true;
    case 'personal':
      return viewer.userId !== undefined && ownerId === viewer.userId;
    case 'shared':
      return viewer.isAdministrator || isReader(readers, viewer);
  }
}

export function mayEdit(book: Phonebook, viewer: Viewer): boolean {
  switch (book.kind) {
    case 'colleagues':
      return false;
    case 'personal':
      return maySee(book, viewer);
    case 'shared':
      return viewer.isAdministrator || (book.readers.mayEdit && isReader(book.readers, viewer));
  }
}

/** Phones are handed somebody's phonebooks, never an administrator's view of all. */
export function isReader(
  { everyone: isForAll, users, departments }: Readers,
  viewer: Viewer,
): boolean {
  return (
    isForAll ||
    (viewer.userId !== undefined && users.includes(viewer.userId)) ||
    (viewer.department !== undefined && departments.includes(viewer.department))
  );
}
