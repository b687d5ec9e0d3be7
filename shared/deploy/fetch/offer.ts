import { randomBytes } from 'node:crypto';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { Change } from '#shared/ledger/lease.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { Fetched } from '#shared/targets/target.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import type { DeployContext, Look } from '../context.ts';
import * as deployment from '../deployment.ts';
import { deploymentOf, isNoted } from '../deployment-questions.ts';
import { inGroups } from '../groups.ts';
import { servedNow } from '../probe/ask.ts';
import { failing } from '../record-failure.ts';
import type { FetchedTarget } from './is-fetched.ts';

type Pushed = NonNullable<Deployment['pushed']>;

/** A command takes seconds where the host answers; Run Command gives up after ten minutes, and a script after an hour. */
const lookAfterMs = minuteMs;
const lookAgainMs = 5 * minuteMs;

/**
 * Leaves a version to hosts that fetch it from the key store, and tells them so where the configuration says how. What they
 * serve, and the command, are in the record before the command is sent. The outcome of an earlier command is read. No run
 * waits for a host. Returns true if some targets are left for the next run.
 */
export function offerAll(run: DeployContext, targets: readonly FetchedTarget[]): Promise<boolean> {
  return inGroups(targets, run, async (group) => {
    const record = await run.mine.read();
    const looked = group.filter(({ key }) => isToBeLookedAt(record, run, key));
    const offered = group.filter((target) => !looked.includes(target));
    await run.mine.updateAll(await Promise.all(offered.map((each) => intended(run, record, each))));
    const noted = await run.mine.read();
    const made: Change[] = [];
    let done = 0;
    for (const target of offered) {
      if (run.clock.now() >= run.slice.changesUntil) break;
      made.push(await told(run, noted, target));
      done += 1;
    }
    for (const target of looked) made.push(await lookedAt(run, record, target));
    await run.mine.updateAll(made);
    return done < offered.length ? 'cut' : 'next';
  });
}

/** A confirmed target is open for its command alone. */
function isToBeLookedAt(record: CertificateRecord, run: DeployContext, key: string): boolean {
  const known = deploymentOf(record, run, key);
  return Boolean(known?.pushed?.lookAt) && known?.nextProbeAt !== null;
}

const unchanged: Change = (record) => record;

/** What clients get now, and the command that is to be sent. An earlier run that died has written it already. */
async function intended(
  run: DeployContext,
  record: CertificateRecord,
  target: FetchedTarget,
): Promise<Change> {
  const { key } = target;
  const known = deploymentOf(record, run, key);
  const hasCommand = target.fetched.push === undefined || known?.pushed !== undefined;
  if (isNoted(known) && hasCommand) return unchanged;
  const view = await target.look();
  const served = await servedNow(run.probe, view.endpoint, run.version);
  const at = run.clock.now();
  const intent = { arn: null, previous: null, isAdded: false, ...served };
  // One whose answer never came may have been sent.
  const unanswered = known?.pushed?.commandId === null ? known.pushed : undefined;
  const pushed = target.fetched.push && (unanswered ?? command(at));
  return (current) =>
    deployment.intended(current, run, { key, intent, view, at, ...(pushed && { pushed }) });
}

function command(at: Date): Pushed {
  const comment = `certkeep ${randomBytes(16).toString('hex')}`;
  return { comment, at: at.toISOString(), commandId: null, lookAt: null };
}

async function told(
  run: DeployContext,
  record: CertificateRecord,
  target: FetchedTarget,
): Promise<Change> {
  const { key } = target;
  const view = await target.look();
  const { push } = target.fetched;
  const intent = deploymentOf(record, run, key)?.pushed;
  try {
    const sent = push && intent && (await sentOnce(run, push, intent));
    run.log.info('hosts may fetch', {
      stage: 'rebind',
      certificate: run.certificate.id,
      outcome: sent ? 'told' : 'offered',
      target: view.name,
      ...(sent && { command: sent.commandId }),
    });
    const at = run.clock.now();
    return (current) =>
      deployment.confirmed(current, run, {
        ...{ key, arn: null, at, view },
        ...(sent && { pushed: { ...sent, lookAt: addMs(at, lookAfterMs).toISOString() } }),
      });
  } catch (error) {
    return failing(run, failureAt({ target, view }, error));
  }
}

/** A command that an earlier run has sent is not sent again: it is found by its comment. */
async function sentOnce(
  run: DeployContext,
  push: NonNullable<Fetched['push']>,
  intent: Pushed,
): Promise<Pushed> {
  const { commandId, comment } = intent;
  const version = run.keyStore.handleOf(run.certificate.id, run.version.id);
  const known = commandId ?? (await push.find(comment, new Date(intent.at)));
  return { ...intent, commandId: known ?? (await push.send(comment, version)) };
}

async function lookedAt(
  run: DeployContext,
  record: CertificateRecord,
  target: FetchedTarget,
): Promise<Change> {
  const { key } = target;
  const view = await target.look();
  const id = deploymentOf(record, run, key)?.pushed?.commandId;
  const { push } = target.fetched;
  // The configuration has no command for them any more.
  if (!push || !id) return (current) => deployment.commandSeen(current, key, null);
  const again = addMs(run.clock.now(), lookAgainMs);
  try {
    const state = await push.look(id);
    if (state.is === 'running') return (current) => deployment.commandSeen(current, key, again);
    if (state.is === 'failed') {
      const failed = failing(run, failureAt({ target, view }, state.error));
      return (current) => failed(deployment.commandFailed(current, key));
    }
    return (current) => deployment.commandSeen(current, key, null);
  } catch (error) {
    // Nobody knows what became of it: the hosts are asked by handshake meanwhile.
    run.log.warn('command not seen', {
      stage: 'rebind',
      certificate: run.certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
      target: view.name,
    });
    return (current) => deployment.commandSeen(current, key, again);
  }
}

function failureAt({ target: { key }, view: { name } }: Look, error: unknown) {
  return { keys: [key], subject: { key, name }, error, stage: 'rebind' } as const;
}
