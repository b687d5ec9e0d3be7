import { addMs, type Clock } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { errorMessage } from '#shared/errors.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record.ts';
import { askEndpoint } from './ask.ts';
import { judge, type Verdict } from './judge.ts';
import type { Probe } from './probe.ts';
import type { Endpoint, Target, TargetView } from './targets/target.ts';
import { previousSerialOf } from './verdicts.ts';

export type VerifySettings = {
  /** How long load balancer nodes may disagree after a change. */
  readonly spreadMs: number;
  /** Between two questions of one run. */
  readonly pollMs: number;
  /** How long a target that was proven has to disagree before it is believed. */
  readonly patienceMs: number;
  /** When to look again at what was still spreading as the run ended. */
  readonly resumeMs: number;
  /** How often a proven target is asked again. */
  readonly reprobeMs: number;
};

/** What a question to one target's endpoint came to. */
export type Finding = {
  readonly key: string;
  /** For people: `shop-alb:443`. */
  readonly name: string;
  readonly endpoint: Endpoint | null;
  readonly verdict: Verdict;
};

type Asking = {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly settings: VerifySettings;
  readonly version: Version;
};
type Bounds = { readonly startedAt: Date; readonly waitUntil: Date };
type Asked = Pick<Target, 'key' | 'look'>;

/** Asks again what is still spreading, or silent but may not stay so, until it settles or the run must end. */
export async function askUntilSettled(
  asking: Asking,
  targets: readonly Asked[],
  record: CertificateRecord,
  bounds: Bounds,
): Promise<readonly Finding[]> {
  const { clock, settings } = asking;
  const settled = new Map<string, Finding>();
  const seen = targets.map(lookedAtOnce);
  for (;;) {
    const open = seen.filter(({ key }) => !isSettled(settled.get(key)));
    const found = await Promise.all(open.map((target) => ask(asking, target, record, bounds)));
    for (const finding of found) settled.set(finding.key, finding);
    const isDone = found.every(isSettled);
    if (isDone || addMs(clock.now(), settings.pollMs) >= bounds.waitUntil) break;
    await clock.sleep(settings.pollMs, deadlineSignal());
  }
  return [...settled.values()];
}

/** Where an endpoint is stays true while it is asked; what could not be looked at is looked at again. */
function lookedAtOnce(target: Asked): Asked {
  let view: TargetView | undefined;
  return {
    key: target.key,
    async look() {
      view ??= await target.look();
      return view;
    },
  };
}

function isSettled(finding: Finding | undefined): boolean {
  return finding !== undefined && finding.verdict.outcome !== 'spreading';
}

async function ask(
  { probe, clock, settings, version }: Asking,
  target: Asked,
  record: CertificateRecord,
  { startedAt }: Bounds,
): Promise<Finding> {
  const { key } = target;
  const deployment = record.deployments[key];
  const changedAt = deployment ? new Date(deployment.changedAt) : startedAt;
  const settledAt = new Date(
    Math.max(
      addMs(changedAt, settings.spreadMs).getTime(),
      // A single bad answer is not believed against an earlier proof.
      deployment?.state === 'proven' ? addMs(startedAt, settings.patienceMs).getTime() : 0,
    ),
  );
  const view = await lookAt(target);
  if (typeof view === 'string') {
    const outcome = clock.now() < settledAt ? 'spreading' : 'unknown';
    return { key, name: key, endpoint: null, verdict: { outcome, serial: null, detail: view } };
  }
  const answers = await askEndpoint(probe, view.endpoint, version.names);
  const verdict = judge({
    answers,
    expected: version.serial,
    previous: deployment ? previousSerialOf(record, deployment) : null,
    workedBefore: Boolean(deployment?.baselineSerial ?? deployment?.provenAt),
    settledAt,
    now: clock.now(),
  });
  // Silence right after a change, or once after a proof, may pass.
  const mayPass = verdict.outcome === 'unknown' && clock.now() < settledAt;
  const outcome = mayPass ? 'spreading' : verdict.outcome;
  return { key, name: view.name, endpoint: view.endpoint, verdict: { ...verdict, outcome } };
}

/** What cannot be looked at cannot be asked: that is unknown, with the reason for people, and no proof of anything. */
async function lookAt(target: Asked): Promise<TargetView | string> {
  try {
    return await target.look();
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    return errorMessage(error);
  }
}
