import { addMs, type Clock, dayMs } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { errorMessage } from '#shared/errors.ts';
import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record.ts';
import { askEndpoint } from './ask.ts';
import { endpointOf } from './intent.ts';
import { judge, type Verdict } from './judge.ts';
import type { Probe } from './probe.ts';
import { groupSize, inGroups, type Slice } from './slice.ts';
import { isThrottled } from './targets/elb-pace.ts';
import type { Target } from './targets/target.ts';
import { previousSerialOf } from './verdicts.ts';

export type VerifySettings = {
  /** How long load balancer nodes may serve the previous certificate after a change. */
  readonly spreadMs: number;
  /** Between two questions of one run. */
  readonly pollMs: number;
  /** How long a target that was proven has to disagree before it is believed. */
  readonly patienceMs: number;
  /** When to look again at what was still spreading as the run ended. */
  readonly resumeMs: number;
  /** How often a proven target is asked again, a fifth more or less. */
  readonly reprobeMs: number;
};

type Where = NonNullable<Deployment['endpoint']>;

/** What a question to one target's endpoint came to. */
export type Finding = {
  readonly key: string;
  /** For people: `shop-alb:443`. */
  readonly name: string;
  /** Null where nobody knows. */
  readonly where: Where | null;
  readonly verdict: Verdict;
};

type Asking = {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly settings: VerifySettings;
  readonly slice: Slice;
  readonly version: Version;
  /** As it was when the run began. */
  readonly record: CertificateRecord;
  /** When each target was first asked in this run. */
  readonly askedAt: Map<string, Date>;
  /** Nothing is asked again after it. */
  readonly waitUntil: Date;
};
type Asked = Pick<Target, 'key' | 'look'>;

/** What else than the previous certificate is served is believed after this part of the spread. */
const shareForOthers = 1 / 3;

/**
 * Asks all targets, a group at a time, and again what is still spreading, or silent but may not stay so, until it
 * settles or the run must end. `write` gets the findings as they settle, and at last those that have not.
 * Returns whether the run had no time for some of the targets.
 */
export async function askUntilSettled(
  given: Omit<Asking, 'askedAt'>,
  targets: readonly Asked[],
  write: (findings: readonly Finding[]) => Promise<void>,
): Promise<boolean> {
  const { clock, settings, slice, waitUntil } = given;
  const asking = { ...given, askedAt: new Map<string, Date>() };
  const asked = askedOnce(asking);
  let open: readonly Asked[] = targets;
  const last = new Map<string, Finding>();
  for (let round = 1; ; round += 1) {
    const settled: Finding[] = [];
    const takesUntil = round === 1 ? slice.takesUntil : waitUntil;
    const isCut = await inGroups(open, { clock, slice: { takesUntil } }, async (group) => {
      for (const finding of await Promise.all(group.map(asked))) {
        if (isSettled(finding)) {
          settled.push(finding);
          last.delete(finding.key);
        } else last.set(finding.key, finding);
      }
      if (settled.length >= groupSize) await write(settled.splice(0));
      return 'next';
    });
    if (settled.length > 0) await write(settled);
    open = open.filter(({ key }) => last.has(key));
    const isOver = open.length === 0 || addMs(clock.now(), settings.pollMs) >= waitUntil;
    if (isOver || isCut) {
      if (last.size > 0) await write([...last.values()]);
      return isCut && round === 1;
    }
    await clock.sleep(settings.pollMs, deadlineSignal());
  }
}

function isSettled({ verdict }: Finding): boolean {
  return verdict.outcome !== 'spreading';
}

/**
 * Where an endpoint is stands in the record; its listener is looked at where nothing is known, once a day, and once
 * before anything else than a proof is believed.
 */
function askedOnce(asking: Asking): (target: Asked) => Promise<Finding> {
  const looked = new Map<string, Where>();

  async function look(target: Asked): Promise<Where | Finding> {
    const where = await lookAt(asking, target);
    if (!('verdict' in where)) looked.set(target.key, where);
    return where;
  }

  return async (target) => {
    const { key } = target;
    if (!asking.askedAt.has(key)) asking.askedAt.set(key, asking.clock.now());
    const first = looked.get(key) ?? knownOf(asking, key) ?? (await look(target));
    if ('verdict' in first) return first;
    const finding = await ask(asking, key, first);
    if (looked.has(key) || !isSettled(finding) || finding.verdict.outcome === 'proven') {
      return finding;
    }
    const fresh = await look(target);
    if ('verdict' in fresh) return fresh;
    const isSame = fresh.host === first.host && fresh.port === first.port;
    return isSame ? { ...finding, name: fresh.name } : ask(asking, key, fresh);
  };
}

/** What was seen a day ago may be gone, and something else answer there with the same certificate. */
const looksAgainAfterMs = dayMs;

function knownOf({ clock, record }: Asking, key: string): Where | null {
  const known = record.deployments[key]?.endpoint;
  if (!known || addMs(new Date(known.lookedAt), looksAgainAfterMs) <= clock.now()) return null;
  return known;
}

async function ask(asking: Asking, key: string, where: Where): Promise<Finding> {
  const { probe, clock, version, record } = asking;
  const deployment = record.deployments[key];
  const answers = await askEndpoint(probe, where, version.names);
  const times = timesOf(asking, key);
  const verdict = judge({
    answers,
    expected: version.serial,
    previous: deployment ? previousSerialOf(record, deployment) : null,
    workedBefore: Boolean(deployment?.baselineSerial ?? deployment?.provenAt),
    ...times,
    now: clock.now(),
  });
  // Silence right after a change, or once after a proof, may pass.
  const mayPass = verdict.outcome === 'unknown' && clock.now() < times.settledAt;
  const outcome = mayPass ? 'spreading' : verdict.outcome;
  return { key, name: where.name, where, verdict: { ...verdict, outcome } };
}

/** Until when nodes may disagree, and how long some may lag behind. */
function timesOf({ askedAt, clock, record, settings }: Asking, key: string) {
  const deployment = record.deployments[key];
  const firstAskedAt = askedAt.get(key) ?? clock.now();
  const changedAt = deployment ? new Date(deployment.changedAt) : firstAskedAt;
  // A single bad answer is not believed against an earlier proof.
  const patienceMs = deployment?.state === 'proven' ? settings.patienceMs : 0;
  const after = (ms: number) =>
    new Date(Math.max(addMs(changedAt, ms).getTime(), addMs(firstAskedAt, patienceMs).getTime()));
  return {
    settledAt: after(settings.spreadMs * shareForOthers),
    laggingUntil: after(settings.spreadMs),
  };
}

/**
 * What cannot be looked at cannot be asked: that is unknown, with the reason for people, and no proof of
 * anything. That Elastic Load Balancing has no time for us says nothing of the endpoint: it is looked at later.
 */
async function lookAt(asking: Asking, target: Asked): Promise<Where | Finding> {
  const { key } = target;
  try {
    return endpointOf(await target.look(), asking.clock.now());
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    const mayPass = isThrottled(error) || asking.clock.now() < timesOf(asking, key).settledAt;
    const outcome = mayPass ? 'spreading' : 'unknown';
    const where = asking.record.deployments[key]?.endpoint ?? null;
    const verdict = { outcome, serial: null, detail: errorMessage(error) } as const;
    return { key, name: where?.name ?? key, where, verdict };
  }
}
