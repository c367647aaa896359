/** Where the API begins; a later version of it gets a prefix of its own. */
export const apiPrefix = '/api/v1';
