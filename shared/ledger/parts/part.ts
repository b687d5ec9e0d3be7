import * as z from 'zod/mini';
import { ledgerObject } from '../ledger-object.ts';
import {
  deploymentSchema,
  eventSchema,
  instant,
  recordSchema,
  sentEventSchema,
} from '../record/record.ts';
import type { Writer } from './writers.ts';

/**
 * Raised by a release whose objects an earlier one would misunderstand. Version 1 was one object for all writers
 * (whole.ts).
 */
export const partSchemaVersion = 2;

const of = recordSchema.shape;

const common = {
  schemaVersion: z.literal(partSchemaVersion),
  id: z.string(),
  /** The latest writes, newest last: their ids identify a write whose answer was lost. */
  writeIds: z.array(z.string()),
  updatedAt: instant,
  /** The run of check whose `retried` this object has applied. */
  heardRetry: z.nullable(z.string()),
  /** Events that, as far as their writer knows, have not been sent to the bus. */
  outbox: z.array(eventSchema),
  /** The writer's own events that were sent in the last days: alert delivers no others. */
  sent: z.array(sentEventSchema),
  history: of.history,
};

/** The part of a deployment that verify writes: its observations of the endpoint. */
const verdictFields = {
  state: deploymentSchema.shape.state,
  provenAt: deploymentSchema.shape.provenAt,
  probe: deploymentSchema.shape.probe,
  servedUntil: deploymentSchema.shape.servedUntil,
  endpoint: deploymentSchema.shape.endpoint,
  drift: deploymentSchema.shape.drift,
  nextProbeAt: deploymentSchema.shape.nextProbeAt,
  failure: deploymentSchema.shape.failure,
} as const;

export const verdictFieldNames = Object.keys(
  verdictFields,
) as readonly (keyof typeof verdictFields)[];

export const verdictSchema = ledgerObject({
  /** The revision of the deployment that the verdict is about. It counts for no other. */
  revision: z.string(),
  ...verdictFields,
});

export type Verdict = Readonly<z.infer<typeof verdictSchema>>;

export const partSchemas = {
  issue: ledgerObject({
    ...common,
    desired: of.desired,
    versions: of.versions,
    attempt: of.attempt,
    acquireFailure: of.acquireFailure,
    dueWhenIssued: of.dueWhenIssued,
    revokeTried: of.revokeTried,
    rehearsed: of.rehearsed,
    txt: of.txt,
    renewalInfo: of.renewalInfo,
    revocation: of.revocation,
    fallbacks: of.fallbacks,
    leases: of.leases,
    /** The `forced.at` of check's latest wish that was fulfilled. */
    answeredForce: z.nullable(instant),
    /** True if the certificate has a whole record, which holds the data that other writers have not written since. */
    hasWhole: z.boolean(),
  }),
  deploy: ledgerObject({
    ...common,
    imports: of.imports,
    deployments: of.deployments,
    /** For each deployment, the id of the last write that changed it; a verdict refers to it. */
    revisions: z.record(z.string(), z.string()),
    leases: of.leases,
  }),
  verify: ledgerObject({ ...common, verdicts: z.record(z.string(), verdictSchema) }),
  sync: ledgerObject({ ...common, replicas: of.replicas }),
  check: ledgerObject({
    ...common,
    forced: of.forced,
    overriddenAt: of.overriddenAt,
    paused: of.paused,
    chosen: of.chosen,
    barred: of.barred,
    revoking: of.revoking,
    rehearsing: of.rehearsing,
    retried: of.retried,
    wishTold: of.wishTold,
    expiryTold: of.expiryTold,
    usesTold: of.usesTold,
    /** Other writers' events that check has sent. */
    acknowledged: z.array(sentEventSchema),
  }),
  alert: ledgerObject({
    ...common,
    /** The time at which delivery of each outbox event failed, by its id. */
    givenBack: z.record(z.string(), instant),
  }),
} as const;

export type PartOf = { readonly [W in Writer]: Readonly<z.infer<(typeof partSchemas)[W]>> };

/** Null for a writer that has written nothing yet, or is not read. */
export type Parts = { readonly [W in Writer]: PartOf[W] | null };

/** The fields of a record that each writer owns, besides its outbox, history and leases. */
export const ownFields = {
  issue: [
    'desired',
    'versions',
    'attempt',
    'acquireFailure',
    'dueWhenIssued',
    'revokeTried',
    'rehearsed',
    'txt',
    'renewalInfo',
    'revocation',
    'fallbacks',
  ],
  deploy: ['imports', 'deployments'],
  verify: [],
  sync: ['replicas'],
  check: [
    'forced',
    'overriddenAt',
    'paused',
    'chosen',
    'barred',
    'revoking',
    'rehearsing',
    'retried',
    'wishTold',
    'expiryTold',
    'usesTold',
  ],
  alert: [],
} as const satisfies Record<Writer, readonly (keyof z.infer<typeof recordSchema>)[]>;

/** Stands for an object that nobody has written. */
const never = new Date(0).toISOString();

function commonOf(id: string) {
  return {
    schemaVersion: partSchemaVersion,
    id,
    writeIds: [],
    updatedAt: never,
    heardRetry: null,
    outbox: [],
    sent: [],
    history: [],
  } as const;
}

/** Returns the initial state of every writer. */
export function emptyParts(id: string): PartOf {
  const all = commonOf(id);
  const shared = { ...all, writeIds: [], outbox: [], sent: [], history: [] };
  return {
    issue: {
      ...shared,
      desired: null,
      versions: [],
      attempt: null,
      acquireFailure: null,
      dueWhenIssued: null,
      revokeTried: null,
      rehearsed: null,
      txt: [],
      renewalInfo: null,
      revocation: null,
      fallbacks: {},
      leases: {},
      answeredForce: null,
      hasWhole: false,
    },
    deploy: { ...shared, imports: {}, deployments: {}, revisions: {}, leases: {} },
    verify: { ...shared, verdicts: {} },
    sync: { ...shared, replicas: {} },
    check: {
      ...shared,
      forced: null,
      overriddenAt: null,
      paused: null,
      chosen: null,
      barred: [],
      revoking: null,
      rehearsing: null,
      wishTold: null,
      retried: null,
      expiryTold: null,
      usesTold: {},
      acknowledged: [],
    },
    alert: { ...shared, givenBack: {} },
  };
}
