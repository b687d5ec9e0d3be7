import { failuresUntilFailover } from '#shared/acquire/failure/failover.ts';
import { failingOf, failingsByName, failingsByProblem } from '#shared/acquire/failure/fault.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { embeddedProblem } from '#shared/issuers/acme/problem.ts';
import type { Version } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';

/** One way in which the first of two CAs fails, at every attempt. */
export type FailoverRow = { readonly title: string; readonly error: unknown };

/** The days left of 90; null where there is no certificate yet. */
export const failoverColumns = [
  { title: 'first certificate', daysLeft: null },
  { title: '60 days left', daysLeft: 60 },
  { title: '2 days left', daysLeft: 2 },
] as const;

const limits: readonly ErrorName[] = ['IssuerRateLimited', 'BudgetSpent'];
const byProblem: readonly ErrorName[] = ['IssuerRefused', 'OrderInvalid'];

/** Every error that an attempt can meet, and every type of problem. Times count from `now`. */
export function failoverRows(now: Date): readonly FailoverRow[] {
  const names = Object.keys(failingsByName) as ErrorName[];
  const plain = names.filter((name) => !limits.includes(name));
  return [
    ...plain.map((name) => ({ title: `\`${name}\``, error: new CertkeepError(name, 'x') })),
    ...limits.flatMap((name) => limitRows(name, now)),
    ...byProblem.flatMap((name) =>
      Object.keys(failingsByProblem).map((type) => ({
        title: `\`${name}\`: ${type}`,
        error: new CertkeepError(name, 'x', { cause: problemOfType(type) }),
      })),
    ),
    { title: 'an error without a name', error: new TypeError('x') },
  ];
}

/** The number of failures in a row until the second CA takes over; null where it never does. */
export function failuresUntil(error: unknown, daysLeft: number | null, now: Date): number | null {
  return failuresUntilFailover({
    certificate: { issuers: ['first', 'second'] },
    attempt: { issuer: 'first' },
    error,
    version: daysLeft === null ? null : versionWith(daysLeft, now),
    open: new Set(),
    now,
  });
}

export function failoverPage(): string {
  const now = new Date(0);
  const header = `| the first CA fails by | ${failoverColumns.map(({ title }) => title).join(' | ')} | why |`;
  const rows = failoverRows(now).map(({ title, error }) => {
    const cells = failoverColumns.map(({ daysLeft }) =>
      textOf(failuresUntil(error, daysLeft, now)),
    );
    return `| ${title} | ${cells.join(' | ')} | ${failingOf(error).why} |`;
  });
  return [
    '# Another CA',
    '<!-- Written by `node scripts/generate-docs.ts` from shared/acquire/failure/fault.ts and failover.ts. -->',
    [
      'This table says when the next issuer of a certificate (`issuer: [first, second]`) takes over from the one that fails. *At once*: after the first failure. *After 3*: after',
      'the third failure in a row, which is about eleven minutes after the first. *No*: the next issuer would fail in the same way, or waiting solves the problem. `IssuerRefused` is a refusal of a request,',
      '`OrderInvalid` the end of an order, each followed by the type of the problem (RFC 8555 §6.7). *2 days left* stands for the last tenth of a life, and for an ended certificate.',
    ].join('\n'),
    [
      'Published challenges of the first CA change nothing in this table: the next run removes their values before it orders at the second CA. If an issuer already fails for other certificates,',
      'a certificate leaves it after its own first failure. `history` of the record has the decision, and the message about the failure names the issuer that takes over.',
    ].join('\n'),
    [header, `|---|${failoverColumns.map(() => ':-:|').join('')}---|`, ...rows].join('\n'),
  ].join('\n\n');
}

function limitRows(name: ErrorName, now: Date): readonly FailoverRow[] {
  const until = (retryAt: Date | null) => new CertkeepError(name, 'x', { retryAt });
  const rows = [
    { title: `\`${name}\` for ten minutes`, error: until(addMs(now, 10 * minuteMs)) },
    { title: `\`${name}\` for 34 hours`, error: until(addMs(now, 34 * hourMs)) },
  ];
  if (name === 'BudgetSpent') return rows;
  return [...rows, { title: `\`${name}\` without a time`, error: until(null) }];
}

function problemOfType(type: string) {
  return embeddedProblem({ type: `urn:ietf:params:acme:error:${type}`, detail: 'x' }, '');
}

export function versionWith(daysLeft: number, now: Date): Version {
  const notBefore = addMs(now, (daysLeft - 90) * dayMs).toISOString();
  return {
    id: 'v1',
    serial: '0A',
    names: ['example.com'],
    keyAlgorithm: 'ecdsa-p256',
    notBefore,
    notAfter: addMs(now, daysLeft * dayMs).toISOString(),
    fingerprintSha256: '00',
    issuer: 'first',
    orderUrl: null,
    issuedAt: notBefore,
  };
}

function textOf(failures: number | null): string {
  if (failures === null) return 'no';
  return failures === 1 ? 'at once' : `after ${failures}`;
}
