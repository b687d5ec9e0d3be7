import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, minuteMs } from '#shared/time/clock.ts';
import { fakeSolver } from '#test/support/fake-solver.ts';
import { type IssueStage, issueStage } from '#test/support/issue-stage.ts';
import { personalSecrets } from '#test/support/issuer-deps.ts';
import type { FreedomName } from './ca/catalogue.ts';
import { type FreeCa, startFreeCa } from './ca/start.ts';

export type Played = {
  /** `issues`, or the name under which the last attempt failed. */
  readonly outcome: string;
  readonly message: string;
  /** Attempts that failed. */
  readonly failures: number;
  readonly orders: number;
  /** Orders that were finalized. */
  readonly finalized: number;
  readonly requests: number;
  readonly names: readonly string[];
  /** Whether the CA has said when to renew (RFC 9773). */
  readonly advised: string;
  /** TXT values that are still out. */
  readonly left: readonly string[];
};

const names = ['example.com', '*.example.com'];
const playedMs = 3 * dayMs;
/** Of check. */
const everyMs = 10 * minuteMs;

/** Plays three days of a certificate that is not there yet, at a CA that takes these freedoms. */
export async function play(freedoms: readonly FreedomName[]): Promise<Played> {
  const clock = virtualClock();
  const solver = fakeSolver('example.com');
  const lookup = (name: string) =>
    solver
      .values()
      .filter((each) => each.startsWith(`${name}=`))
      .map((each) => each.slice(name.length + 1));
  const ca = await startFreeCa({ freedoms, lookup, now: clock.now });
  try {
    const stage = issueStage({
      issuer: issuerOf(ca, freedoms),
      certificates: { shop: names },
      deps: secrets,
      solvers: {
        forName: () => ({ key: 'fake', solver, challenge: 'dns-01', cnameStrategy: 'none' }),
        byKey: () => solver,
      },
      clock,
    });
    const lived = await threeDays(stage, clock);
    return { ...told(lived), ...asked(ca), left: solver.values() };
  } finally {
    await ca.close();
  }
}

const hmacKey = Buffer.from('a key of thirty-two bytes, no less').toString('base64url');
const secrets = personalSecrets({ eab: JSON.stringify({ kid: 'kid-1', hmacKey }) });

function issuerOf(ca: FreeCa, freedoms: readonly FreedomName[]): IssuerConfig {
  return {
    type: 'acme',
    directory: ca.directoryUrl,
    termsOfServiceAgreed: true,
    contact: ['mailto:ops@corp.test'],
    caBundle: ca.rootPem,
    ...(freedoms.includes('bindsLookups') && { externalAccountBinding: { secret: 'eab' } }),
    ...(freedoms.includes('alternates') && { preferredChain: 'A root that it has not' }),
  };
}

type Lived = { readonly record: CertificateRecord; readonly failures: number };

/** As check would have it: every ten minutes, where nothing has to be waited for; and a day after it was issued. */
async function threeDays(stage: IssueStage, clock: VirtualClock): Promise<Lived> {
  const end = addMs(clock.now(), playedMs);
  let failures = 0;
  while (clock.now() < end) {
    await stage.run('shop');
    const record = await stage.record('shop');
    if (record.desired) {
      for (const ms of [everyMs, dayMs]) {
        clock.advance(ms);
        await stage.run('shop');
      }
      return { record: await stage.record('shop'), failures };
    }
    failures = Math.max(failures, record.acquireFailure?.count ?? 0);
    const now = clock.now().getTime();
    const waits = [record.acquireFailure?.nextAttemptAt, record.attempt?.lookAgainAt];
    const until = waits.map((each) => (each ? Date.parse(each) : 0));
    clock.advance(Math.max(everyMs, ...until.map((each) => each - now)));
  }
  return { record: await stage.record('shop'), failures };
}

function told({ failures, record }: Lived) {
  const { acquireFailure, desired, renewalInfo, versions } = record;
  return {
    outcome: desired ? 'issues' : (acquireFailure?.error ?? 'nothing'),
    message: acquireFailure?.message ?? '',
    failures,
    advised: renewalInfo?.window ? 'yes' : 'no',
    names: versions[0]?.names ?? [],
  };
}

function asked({ orders, requests }: FreeCa) {
  return {
    orders: orders.length,
    finalized: orders.filter(({ certificates }) => certificates).length,
    requests: requests.length,
  };
}
