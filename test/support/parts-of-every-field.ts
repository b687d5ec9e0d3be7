import { digestOf } from '#shared/ledger/outbox/sent-events.ts';
import type { PartOf } from '#shared/ledger/parts/part.ts';
import { partsOf } from '#shared/ledger/parts/whole.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import type { EventType, LedgerEvent } from '#shared/ledger/record/record.ts';
import { now } from './healthy.ts';
import { place, recordOfEveryField, target } from './record-of-every-field.ts';

const at = now.toISOString();

/** What every writer has written of one certificate, with everything that may be absent. */
export function partsOfEveryField(): PartOf {
  const parts = partsOf(recordOfEveryField());
  const { state, provenAt, probe, servedUntil, endpoint, drift, nextProbeAt, failure } =
    parts.deploy.deployments[target] ?? expectDeployment();
  const seen = { state, provenAt, probe, servedUntil, endpoint, drift, nextProbeAt, failure };
  return {
    issue: {
      ...parts.issue,
      ...told('issue', 'issued'),
      answeredForce: '2026-11-01T00:00:00.000Z',
    },
    deploy: {
      ...parts.deploy,
      ...told('deploy', 'failed'),
      leases: { [`deploy:${place}`]: { fence: 'f', holder: 'h', until: at } },
    },
    verify: {
      ...parts.verify,
      ...told('verify', 'served'),
      verdicts: { [target]: { revision: parts.deploy.revisions[target] ?? '', ...seen } },
    },
    sync: { ...parts.sync, ...told('sync', 'issued') },
    check: {
      ...parts.check,
      ...told('check', 'expiring'),
      retried: { at, run: 'r1' },
      acknowledged: [sent('elsewhere')],
    },
    alert: { ...parts.alert, ...told('alert', 'issued'), givenBack: { alert: at } },
  };
}

function expectDeployment(): never {
  throw new Error(`there is no deployment at ${target}`);
}

function told(writer: Writer, type: EventType) {
  const line = { at, stage: 'check', what: writer, why: null };
  return {
    writeIds: [`${writer}-1`],
    heardRetry: 'r1',
    outbox: [eventOf(writer, type)],
    sent: [sent(`${writer}-before`)],
    history: [line],
  };
}

function eventOf(id: string, type: EventType): LedgerEvent {
  const about = { at, certificate: 'shop', severity: 'info', summary: id } as const;
  return { id, type, ...about, details: { stage: 'check' } };
}

function sent(id: string) {
  return { id, digest: digestOf(eventOf(id, 'issued')), at };
}
