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

/** Raised by a release whose objects an earlier one would misunderstand. 1 was one object for all writers (whole.ts). */
export const partSchemaVersion = 2;

const of = recordSchema.shape;

const common = {
  schemaVersion: z.literal(partSchemaVersion),
  id: z.string(),
  /** The latest writes, newest last: a write whose answer was lost is recognized by its id. */
  writeIds: z.array(z.string()),
  updatedAt: instant,
  /** The run of check whose `retried` this object has followed. */
  heardRetry: z.nullable(z.string()),
  /** Events that have not left for the bus, as far as their writer knows. */
  outbox: z.array(eventSchema),
  /** Those of its own that have left in the last days: alert tells nothing else. */
  sent: z.array(sentEventSchema),
  history: of.history,
};

/** What an endpoint was seen to serve: of a deployment, what verify writes. */
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
  /** Of the deployment that it speaks of. It counts for no other. */
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
    txt: of.txt,
    renewalInfo: of.renewalInfo,
    revocation: of.revocation,
    fallbacks: of.fallbacks,
    leases: of.leases,
    /** `forced.at` of the wish of check that was fulfilled last. */
    answeredForce: z.nullable(instant),
    /** Whether the certificate has a whole record, which holds what other writers have not written since. */
    hasWhole: z.boolean(),
  }),
  deploy: ledgerObject({
    ...common,
    imports: of.imports,
    deployments: of.deployments,
    /** Of each deployment: the write that changed it last, which is what a verdict speaks of. */
    revisions: z.record(z.string(), z.string()),
    leases: of.leases,
  }),
  verify: ledgerObject({ ...common, verdicts: z.record(z.string(), verdictSchema) }),
  sync: ledgerObject({ ...common, replicas: of.replicas }),
  check: ledgerObject({
    ...common,
    forced: of.forced,
    overriddenAt: of.overriddenAt,
    retried: of.retried,
    wishTold: of.wishTold,
    expiryTold: of.expiryTold,
    usesTold: of.usesTold,
    /** Events of others that check has sent. */
    acknowledged: z.array(sentEventSchema),
  }),
  alert: ledgerObject({
    ...common,
    /** When each event of the outbox did not reach people, by its id. */
    givenBack: z.record(z.string(), instant),
  }),
} as const;

export type PartOf = { readonly [W in Writer]: Readonly<z.infer<(typeof partSchemas)[W]>> };

/** Null where its writer has written nothing yet, or is not read. */
export type Parts = { readonly [W in Writer]: PartOf[W] | null };

/** The fields of a record that each writer writes, beside its outbox, history and leases. */
export const ownFields = {
  issue: [
    'desired',
    'versions',
    'attempt',
    'acquireFailure',
    'dueWhenIssued',
    'txt',
    'renewalInfo',
    'revocation',
    'fallbacks',
  ],
  deploy: ['imports', 'deployments'],
  verify: [],
  sync: ['replicas'],
  check: ['forced', 'overriddenAt', 'retried', 'wishTold', 'expiryTold', 'usesTold'],
  alert: [],
} as const satisfies Record<Writer, readonly (keyof z.infer<typeof recordSchema>)[]>;

/** Nobody has written it. */
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

/** What a writer begins with. */
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
      wishTold: null,
      retried: null,
      expiryTold: null,
      usesTold: {},
      acknowledged: [],
    },
    alert: { ...shared, givenBack: {} },
  };
}
