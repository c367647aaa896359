/** A plan of users together with that of the phones their rows name: pure. */
import type { PhonesPlan } from './phones-of-users.ts';
import type { PlannedRow, UsersImportPlan } from './plan-users-import.ts';

/** A row that only brings a phone changes its user; one whose phones are wrong is wrong. */
export function joinPhones(plan: UsersImportPlan, phones: PhonesPlan): UsersImportPlan {
  const problems = [...plan.problems, ...phones.problems].sort((a, b) => a.line - b.line);
  const broken = new Set(phones.problems.map(({ line }) => line));
  const rows = plan.rows.map((row): PlannedRow => {
    const macs = phones.macsOfLine.get(row.line) ?? [];
    const action = row.action === 'unchanged' && macs.length > 0 ? 'update' : row.action;
    return {
      line: row.line,
      action: broken.has(row.line) ? 'error' : action,
      title: [row.title, ...macs].join(', '),
    };
  });
  return { ...plan, rows, problems };
}
