/** Reads a vendor's templates once, when the daemon starts. The only file access of provisioning's data. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `folder` is the vendor's own folder; its templates lie in `templates/`. */
export function readTemplates(folder: string): ReadonlyMap<string, string> {
  const templates = join(folder, 'templates');
  return new Map(
    readdirSync(templates)
      .filter((name) => name.endsWith('.tmpl'))
      .sort()
      .map((name) => [name, readFileSync(join(templates, name), 'utf8')]),
  );
}
