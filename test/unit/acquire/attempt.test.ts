import { expect, test } from 'vitest';
import {
  abandoned,
  authorizationSettled,
  authorizationsSlow,
  authorized,
  begun,
  csrSent,
  keyStored,
  namesChecked,
  newOrderFailed,
  orderExpired,
  ordered,
  orderTaken,
  resumed,
  stored,
} from '#shared/acquire/attempt.ts';
import {
  failed,
  handedOver,
  limited,
  parked,
  wentOn,
} from '#shared/acquire/failure/acquire-failure.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord, Failure } from '#shared/ledger/record/record.ts';
import {
  attemptOf,
  failureUntil,
  healthy,
  inDays,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

type Event = (record: CertificateRecord) => CertificateRecord;

const order = { url: 'https://ca.example/order/1', standing: 'new', profile: null } as const;
const request = { csr: 'AA', finalizeUrl: 'https://ca.example/finalize/1' };
const next = versionOf({ id: 'a1', serial: '0B' });
const error = new CertkeepError('OrderInvalid', 'no TXT record');
const failure = failureUntil(inDays(1));
const met = { attemptId: 'a1', error, now };
const run = { ...met, certificate: wanted(), renewedId: 'a2', link: null };
const fault = { failure, faults: 1 };
const other = { issuer: 'other', tried: ['local'] };

const events: Readonly<Record<string, Event>> = {
  'another one is begun': (it) => begun(it, attemptOf({ id: 'a2' }), wanted()),
  'the same is begun': (it) => begun(it, attemptOf(), wanted()),
  'a run resumes it': (it) => resumed(it, 'c1'),
  'the configuration is another': (it) => resumed(it, 'c2'),
  'it is abandoned': abandoned,
  'the key is stored': (it) => keyStored(it, 'a1'),
  'names are checked': (it) => namesChecked(it, 'a1', 2),
  'it is ordered': (it) => ordered(it, 'a1', order),
  'the CA fails at an order': (it) => newOrderFailed(it, 'a1'),
  'an authorization is settled': (it) => authorizationSettled(it, 'a1', 'u'),
  'the CA is slow': (it) => authorizationsSlow(it, 'a1'),
  'it is authorized': (it) => authorized(it, 'a1'),
  'the CSR is sent': (it) => csrSent(it, 'a1', request),
  'the order is taken': (it) => orderTaken(it, 'a1'),
  'the order expires': (it) => orderExpired(it, 'a1'),
  'its version is stored': (it) => stored(it, next, ['v1']),
  'what is in service is stored': (it) => stored(it, versionOf(), []),
  'it is parked': (it) => parked(it, met, { until: inDays(2) }),
  'it is limited': (it) => limited(it, met, { failure }),
  'it fails': (it) => failed(it, run, { ...fault, goesOnWith: 'the-same-order' }),
  'its order is refused': (it) => failed(it, run, { ...fault, goesOnWith: 'another-order' }),
  'its key is of no use': (it) => failed(it, run, { ...fault, goesOnWith: 'another-key' }),
  'an untried issuer takes over': (it) =>
    handedOver(it, run, { failure, to: { ...other, atOnce: true } }),
  'a tried issuer takes over': (it) =>
    handedOver(it, run, { failure, to: { ...other, atOnce: false } }),
  'a run has come further': (it) => wentOn(it, met),
};

const withBegun = healthy({ attempt: attemptOf() });
const withKey = keyStored(withBegun, 'a1');
const withOrder = ordered(withKey, 'a1', order);
const foreign = healthy({ attempt: attemptOf({ id: 'b1' }) });
const states = [
  healthy(),
  withBegun,
  withKey,
  withOrder,
  csrSent(withOrder, 'a1', request),
  foreign,
];

/** `=`: nothing is changed; `x`: it is refused; `anew`: another attempt is begun. */
const becomes = `
                              none    begun   key     order   csr     foreign
another one is begun          anew    anew    anew    anew    anew    anew
the same is begun             begun   =       =       =       =       begun
a run resumes it              =       =       =       =       =       =
the configuration is another  =       begun   key     order   csr     foreign
it is abandoned               =       none    none    none    none    none
the key is stored             x       key     key     order   csr     x
names are checked             =       begun   key     order   csr     =
it is ordered                 x       order   order   order   csr     x
the CA fails at an order      =       begun   key     order   csr     =
an authorization is settled   =       begun   key     order   csr     =
the CA is slow                =       begun   key     order   csr     =
it is authorized              x       begun   key     order   csr     x
the CSR is sent               x       csr     csr     csr     csr     x
the order is taken            x       begun   key     key     csr     x
the order expires             =       begun   key     key     csr     =
its version is stored         stored  stored  stored  stored  stored  stored
what is in service is stored  =       =       =       =       =       =
it is parked                  x       begun   key     order   csr     x
it is limited                 x       begun   key     order   csr     x
it fails                      x       begun   key     order   csr     x
its order is refused          x       begun   key     key     csr     x
its key is of no use          x       anew    anew    anew    anew    x
an untried issuer takes over  x       anew    anew    anew    anew    x
a tried issuer takes over     x       anew    anew    anew    anew    x
a run has come further        x       begun   key     order   csr     x`;

function stateOf({ attempt, desired }: CertificateRecord): string {
  if (!attempt) return desired === 'v1' ? 'none' : 'stored';
  const { csr, id, keyStored: hasKey, orderUrl } = attempt;
  if (id === 'b1') return 'foreign';
  const reached = csr ? 'csr' : orderUrl ? 'order' : hasKey ? 'key' : 'begun';
  return id === 'a2' && reached === 'begun' ? 'anew' : reached;
}

function rowsOf(table: string): readonly (readonly string[])[] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));
}

const [names = [], ...rows] = rowsOf(becomes);
const cases = rows.flatMap(([what = '', ...outcomes]) =>
  outcomes.map((outcome, at) => [names[at], what, outcome, states[at]] as const),
);

test.each(cases)('%s, then %s: %s', (_, what, outcome, before = healthy()) => {
  const event = events[what] ?? expect.unreachable(what);
  if (outcome === 'x') expect(() => event(before)).toThrow(/no longer in the ledger/);
  else if (outcome === '=') expect(event(before)).toBe(before);
  else expect(stateOf(event(before))).toBe(outcome);
});

function waiting(change: Partial<Failure>): CertificateRecord {
  const acquireFailure = failureUntil(inDays(3), { count: 3, ...change });
  return healthy({ attempt: attemptOf({ lookAgainAt: inDays(3).toISOString() }), acquireFailure });
}

const waits: Readonly<Record<string, CertificateRecord>> = {
  'at work': withBegun,
  waiting: waiting({}),
  'out of time': waiting({ error: 'RunOutOfTime', passing: 3 }),
  'at a limit': waiting({ error: 'IssuerRateLimited' }),
};

/** In so many days; the last two are of the failure. */
const until = `
what                          before       look again  failures  next attempt
it is parked                  at work      2           -         -
it is parked                  waiting      2           3         3
it is limited                 waiting      -           1         1
it fails                      waiting      -           1         1
its order is refused          waiting      -           1         1
an untried issuer takes over  waiting      -           0         0
a tried issuer takes over     waiting      -           1         1
a run has come further        waiting      -           3         0
a run has come further        out of time  -           -         -
a run has come further        at work      -           -         -
it is authorized              waiting      -           3         3
another one is begun          waiting      -           -         -
it is abandoned               waiting      -           -         -
its version is stored         waiting      -           -         -`;

test.each(rowsOf(until).slice(1))('%s, %s: look again in %s, %s failures, next in %s', (...row) => {
  const [what = '', before = '', ...expected] = row;
  const event = events[what] ?? expect.unreachable(what);
  const after = event(waits[before] ?? expect.unreachable(before));
  const { acquireFailure: failing, attempt } = after;
  const found = [days(attempt?.lookAgainAt), failing?.count ?? '-', days(failing?.nextAttemptAt)];
  expect(found.map(String)).toEqual(expected);
});

function days(at: string | null | undefined): number | string {
  return at ? (Date.parse(at) - now.getTime()) / (inDays(1).getTime() - now.getTime()) : '-';
}
