/** Downloads a file that the server makes, such as an export; a failure is told. */
import { api, type QueryParameters } from '../api/client.ts';
import { describeError } from '../api/describe-error.ts';
import { datedName, saveFile } from './save-file.ts';
import { toasts } from './toasts.svelte.ts';

/** `path` is of the API; the file is named after `stem` and today. */
export async function saveDownload(
  path: string,
  stem: string,
  extension: string,
  query?: QueryParameters,
): Promise<void> {
  try {
    saveFile(await api.download(path, query), datedName(stem, extension, new Date()));
  } catch (error) {
    toasts.failure(describeError(error));
  }
}
