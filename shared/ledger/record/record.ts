import * as z from 'zod/mini';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { revocationCodeNames } from '#shared/revocation-codes.ts';
import { ledgerObject } from '../ledger-object.ts';

/** Instants are ISO 8601 in UTC; serials upper-case hex without separators; ids are `[a-z0-9-]`. */
export const instant = z.iso.datetime();

/** A whole record of a release before may not have it. */
function orNull<Schema extends z.ZodMiniType>(schema: Schema) {
  return z._default(z.nullable(schema), null);
}

/** A failure and when to try again; back-off is a pure function of it (ledger/backoff.ts). */
export const failureSchema = ledgerObject({
  /** 0 while nothing failed and only a rate limit parks the work. */
  count: z.int().check(z.minimum(0)),
  /** The number of failures that were passing trouble of a service. Absent where none was. */
  passing: z.optional(z.int()),
  lastAt: instant,
  nextAttemptAt: instant,
  error: z.string(),
  message: z.string(),
  /** The page that the CA wants a person to open; null where it is not the CA's own. Absent where it wants nothing. */
  page: z.optional(z.nullable(z.string())),
});

/** The CA that issued a version, whatever name the configuration gives it now. */
const origin = ledgerObject({
  directory: z.string(),
  account: z.string(),
  profile: z.nullable(z.string()),
  /** True for a CA that no client trusts. */
  staging: z.boolean(),
});

/** An event that was sent to the bus; alert checks it. */
export const sentEventSchema = ledgerObject({
  id: z.string(),
  digest: z.string(),
  at: instant,
});

export type SentEvent = Readonly<z.infer<typeof sentEventSchema>>;

/** With the function that has sent it (parts/writers.ts). */
const sentBySchema = ledgerObject({
  ...sentEventSchema.shape,
  by: z.optional(z.string()),
});

export type SentBy = Readonly<z.infer<typeof sentBySchema>>;

/** An issued certificate whose key, certificate and chain are in the key store. */
const version = ledgerObject({
  id: z.string(),
  serial: z.string(),
  names: z.array(z.string()),
  keyAlgorithm: z.enum(keyAlgorithms),
  notBefore: instant,
  notAfter: instant,
  /** Lower-case hex. */
  fingerprintSha256: z.string(),
  issuer: z.string(),
  orderUrl: z.nullable(z.string()),
  issuedAt: instant,
  /** Absent in records from before it was kept, as are the next two fields. */
  origin: z.optional(origin),
  /** RFC 9773 §4.1; absent where the certificate has no identifier of its issuer's key. */
  renewalId: z.optional(z.string()),
  /** It replaces a version that a person forced away, that was revoked, or that had expired. */
  isUrgent: z.optional(z.boolean()),
  /** The address of the CRL that covers it; absent where it has none. */
  crlUrl: z.optional(z.string()),
  /** According to the CA's CRL. Kept when another version is desired, so that nothing goes back to this one. */
  revokedAt: z.optional(instant),
  /** Why it cannot be put into service: the key store does not hold it as it was issued. Absent where nobody found that. */
  unusable: z.optional(z.string()),
});

/**
 * One acquisition in progress. It finalizes at most one order. Its key is stored under `id` before the CSR exists; `csr`
 * and `finalizeUrl` are set before finalize is called.
 */
const attempt = ledgerObject({
  id: z.string(),
  reason: z.string(),
  startedAt: instant,
  issuer: z.string(),
  names: z.array(z.string()),
  keyAlgorithm: z.enum(keyAlgorithms),
  /** Digest of the issuer and solvers of the last try: when they change, a new try is made at once. */
  configuration: z.string(),
  orderUrl: z.nullable(z.string()),
  /** How the CA's limits count the order. Absent before there is one. */
  standing: z.optional(z.enum(['new', 'renewal', 'advised'])),
  /** The CA failed an order that named the certificate it replaces, so the next order does not name it. */
  withoutReplaces: z.optional(z.boolean()),
  keyStored: z.boolean(),
  /** base64url DER; public. */
  csr: z.nullable(z.string()),
  finalizeUrl: z.nullable(z.string()),
  /** The profile of its order; null for the CA's own choice. */
  profile: z.optional(z.nullable(z.string())),
  /** True if it takes over the key of the version in service instead of creating its own. */
  reuseKey: z.optional(z.boolean()),
  /** Issuers that were tried in this renewal before this one. */
  tried: z.optional(z.array(z.string())),
  /** The number of times in a row that this issuer failed it. */
  faults: z.optional(z.int()),
  /** The start of a repeated wait for the same thing, and the error that identifies it. */
  waitingSince: z.optional(z.nullable(instant)),
  waitingFor: z.optional(z.nullable(z.string())),
  /** The time of the next look while it waits for the CA or DNS without a failure. */
  lookAgainAt: z.nullable(instant),
  /** The number of its names, in their order, that an earlier run has checked before there is an order. */
  checked: z.optional(z.int()),
  /** Authorizations of its order that need nothing more: they were valid, or their challenge was answered. */
  settled: z.optional(z.array(z.string())),
});

/** The CA's advice about the renewal of a version (RFC 9773). */
export const renewalInfoSchema = ledgerObject({
  versionId: z.string(),
  /** `selected` is drawn once and stays as long as the window, which is known since `learnedAt`. */
  window: z.nullable(
    ledgerObject({ start: instant, end: instant, selected: instant, learnedAt: instant }),
  ),
  explanationUrl: z.nullable(z.string()),
  /** The last time that the CA was asked. Absent in records from before it was kept. */
  askedAt: z.optional(instant),
  nextCheckAt: instant,
  /** Counted in a row, so that asking more often does not defeat the waits. */
  failures: z.int(),
  failure: z.nullable(ledgerObject({ at: instant, message: z.string() })),
});

/** The entry of the CA's revocation list about a version. */
export const revocationSchema = ledgerObject({
  versionId: z.string(),
  revokedAt: z.nullable(instant),
  /** RFC 5280 §5.3.1, where the list gives one. */
  reason: z.nullable(z.string()),
  /** The last time that the list was asked for. Absent in records from before it was kept. */
  askedAt: z.optional(instant),
  nextCheckAt: instant,
  failures: z.int(),
  failure: z.nullable(ledgerObject({ at: instant, message: z.string() })),
});

/** The result of proving that a fallback issuer works for this certificate. */
export const fallbackSchema = ledgerObject({
  /** The directory of the CA that was asked. Absent in records from before it was kept. */
  directory: z.optional(z.string()),
  provenAt: z.nullable(instant),
  nextCheckAt: instant,
  /** Counted in a row. */
  failures: z.int(),
  failure: z.nullable(ledgerObject({ at: instant, error: z.string(), message: z.string() })),
});

/** A TXT value that we publish, or may have published; it leaves this list only after it is gone from DNS. */
const txtIntent = ledgerObject({
  attemptId: z.string(),
  solver: z.string(),
  zoneId: z.string(),
  name: z.string(),
  value: z.string(),
  /** The URL of the authorization for which it was planned. Absent in records from before it was kept. */
  authorization: z.optional(z.string()),
  /**
   * The text whose digest is the value in DNS (RFC 8555 §8.1). Absent over HTTP, and in records from before it was kept.
   */
  keyAuthorization: z.optional(z.string()),
  /** Absent until it is known to be published. */
  out: z.optional(
    ledgerObject({
      /** The time since which it is published. */
      at: instant,
      /** The handle of the change that its service has not confirmed yet; null once it has. */
      handle: z.nullable(z.string()),
      /** All answering name servers were seen to have it; or, long after, did not have it. */
      seen: z.optional(z.enum(['everywhere', 'missing'])),
    }),
  ),
  /** No CA will look at it any more: it is removed whatever becomes of its attempt. */
  over: z.optional(z.literal(true)),
});

/** `fence` is random: only its holder may write what the lease protects. */
const lease = ledgerObject({ fence: z.string(), holder: z.string(), until: instant });

/** An ARN that a new one has replaced: it is not renewed any more, and deleted once nothing needs it. */
const retiredArn = ledgerObject({
  arn: z.string(),
  lookAgainAt: instant,
  /** Absent while something uses it, or nobody has looked. */
  unusedSince: z.optional(instant),
  /** Absent while nothing uses it, or nobody has looked. */
  use: z.optional(
    ledgerObject({
      since: instant,
      /** ARNs of load balancers and other resources, seen by two looks in a row. */
      by: z.array(z.string()),
      notAfter: z.nullable(instant),
    }),
  ),
});

/** The ACM certificate of one place. */
const acmImport = ledgerObject({
  /** Null during a first import, whose answer is the only source of the ARN. */
  arn: z.nullable(z.string()),
  /** The version whose material the ARN holds; null while a change of it is under way. */
  versionId: z.nullable(z.string()),
  /** The version that an ImportCertificate under way imports; written before the call. */
  importing: z.nullable(z.string()),
  /** The version that a rollback puts back on the same ARN. */
  previousVersionId: z.nullable(z.string()),
  /** Our earlier ARNs; each is deleted once the new one is proven and nothing has used it for days. */
  retired: z.array(retiredArn),
  importedAt: instant,
  /** The value of the place's parameter. */
  publishedArn: z.nullable(z.string()),
  publishFailure: z.nullable(failureSchema),
  /** Set once the place is retired and something is left there: the time of the next look, and the last failure. */
  leaving: z.nullable(ledgerObject({ lookAgainAt: instant, failure: z.nullable(failureSchema) })),
  /** The last thing that somebody else did to a certificate there. Absent where nobody did anything. */
  incident: z.optional(ledgerObject({ at: instant, error: z.string(), arn: z.string() })),
});

const deploymentStates = [
  /** Bound (or being bound); the endpoint has not been asked yet, or the change is still spreading. */
  'awaiting-proof',
  'proven',
  /** Something else is served although the same probe worked before; deploy puts the previous version back. */
  'contradicted',
  /** The endpoint cannot be asked. People are told, but it is never a reason to roll back. */
  'unknown',
  'rolled-back',
  /** The change itself was refused; the old certificate stays. */
  'failed',
] as const;

export const deploymentSchema = ledgerObject({
  state: z.enum(deploymentStates),
  place: z.string(),
  /** The version that this state is about. */
  versionId: z.string(),
  arn: z.nullable(z.string()),
  /** The target's earlier certificate, written before the change. */
  previous: z.nullable(
    ledgerObject({
      arn: z.string(),
      versionId: z.nullable(z.string()),
      notAfter: z.nullable(instant),
      /** The ARNs that the change removes from the SNI list, including `arn` if the list holds it too. */
      listed: z.optional(z.array(z.string())),
    }),
  ),
  /** The serial that the endpoint served before the change; null when it could not be asked then. */
  baselineSerial: z.nullable(z.string()),
  /** The fingerprint of the same certificate. Absent in records from before it was kept, and where nothing answered. */
  baselineSha256: z.optional(z.string()),
  changedAt: instant,
  /** The times within a day at which the listener was changed for this version: certkeep does not fight over it. */
  changes: z.optional(
    z.array(ledgerObject({ at: instant, why: z.enum(['to-bind', 'to-put-right']) })),
  ),
  provenAt: z.nullable(instant),
  probe: z.nullable(
    ledgerObject({
      at: instant,
      host: z.string(),
      port: z.int(),
      outcome: z.enum(['proven', 'contradicted', 'unknown', 'spreading']),
      serial: z.nullable(z.string()),
      /** The fingerprint of the same certificate. Absent where nothing answered, and in records from before it was kept. */
      fingerprintSha256: z.optional(z.string()),
      detail: z.string(),
      /** The answer that decided the outcome. Absent where nothing answered, and in records from before it was kept. */
      served: z.optional(
        ledgerObject({ servername: z.string(), address: z.string(), notAfter: instant }),
      ),
      /** The time since which every look has contradicted the change, while that is not believed yet. */
      contradictedSince: z.optional(instant),
    }),
  ),
  /**
   * The end of the certificate that the endpoint was last seen to serve, before the change or since; null where nothing
   * answered. Absent in records from before it was kept.
   */
  servedUntil: z.optional(z.nullable(instant)),
  /**
   * The last known address of its listener, the time of that look, and a name for people. Absent before the first look;
   * without a host where nobody can ask.
   */
  endpoint: z.optional(
    ledgerObject({
      name: z.string(),
      host: z.string(),
      port: z.int(),
      lookedAt: instant,
      /** The only names for which it serves the certificate; absent where it does so for all. */
      names: z.optional(z.array(z.string())),
      /** Set where it has private addresses only. */
      isInternal: z.optional(z.literal(true)),
      /** Since when the service says that a change is on its way; absent where it does not say so. */
      spreadingSince: z.optional(instant),
      /** When that was first seen to be over. */
      settledAt: z.optional(instant),
    }),
  ),
  /** Somebody has changed the listener since: the time when that was seen, and what the listener holds. */
  drift: z.optional(ledgerObject({ seenAt: instant, holds: z.string() })),
  /**
   * The command that tells hosts to fetch the version, written before it is sent: its comment finds it again. `lookAt` is
   * null once its outcome is known. Absent where none is sent.
   */
  pushed: z.optional(
    ledgerObject({
      comment: z.string(),
      at: instant,
      commandId: z.nullable(z.string()),
      lookAt: z.nullable(instant),
    }),
  ),
  /** Null while there is nothing to ask yet: the change is not confirmed, or it failed. */
  nextProbeAt: z.nullable(instant),
  failure: z.nullable(failureSchema),
});

export const replicaSchema = ledgerObject({
  versionId: z.string(),
  /** The time since which it is in its present state, in sync or behind. */
  syncedAt: instant,
  /** True if all of the version is there: the objects, its secret, and the secrets of its accounts. */
  secretInSync: z.boolean(),
  /** The reason why it is behind, as last seen. */
  reason: z.nullable(z.string()),
  /**
   * ETags of its objects there, as they were read back (`copyKeys`). Absent where it is behind, and before they were kept.
   */
  etags: z.optional(z.array(z.string())),
});

export const eventTypes = [
  'issued',
  'served',
  'failed',
  'expiring',
  'rolled-back',
  'unproven',
  'listener-changed',
  'revoked',
  'still-used',
  'region-behind',
  'region-in-sync',
  'checked',
] as const;

export type EventType = (typeof eventTypes)[number];

export const eventSchema = ledgerObject({
  id: z.string(),
  /** A newer release may have more types: their sentences are for people all the same. */
  type: z.custom<EventType>((type) => typeof type === 'string'),
  at: instant,
  /** Null for an event about a region or the installation. */
  certificate: z.nullable(z.string()),
  severity: z.enum(['info', 'warning', 'critical']),
  /** One sentence for a person. */
  summary: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const historyEntry = ledgerObject({
  at: instant,
  stage: z.string(),
  what: z.string(),
  why: z.nullable(z.string()),
});

export const recordSchema = ledgerObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  updatedAt: instant,
  desired: z.nullable(z.string()),
  versions: z.array(version),
  attempt: z.nullable(attempt),
  acquireFailure: z.nullable(failureSchema),
  /**
   * The version that would be due within a tenth of its life, how many such versions came in a row, and when the next may
   * come.
   */
  dueWhenIssued: orNull(ledgerObject({ versionId: z.string(), failure: failureSchema })),
  /** The `renewBeforeDays` that cannot be followed, after people were told so. */
  wishTold: orNull(z.number()),
  forced: z.nullable(
    ledgerObject({
      at: instant,
      reason: z.string(),
      /** Overrides the limits of the CA, too. */
      override: z.optional(z.boolean()),
    }),
  ),
  /** When a person last overrode a limit of the CA, which is allowed once a day. Absent where nobody has. */
  overriddenAt: orNull(instant),
  /** A person has asked that no renewal begins until then, unless the certificate ends before long. */
  paused: orNull(ledgerObject({ at: instant, until: instant, reason: z.string() })),
  /** A person wants this earlier version in service, until then or until a newer one is issued (chosen.ts). */
  chosen: orNull(
    ledgerObject({
      at: instant,
      versionId: z.string(),
      until: z.nullable(instant),
      reason: z.string(),
    }),
  ),
  /** Versions that a person keeps out of service. */
  barred: z._default(
    z.array(ledgerObject({ versionId: z.string(), at: instant, reason: z.string() })),
    [],
  ),
  /** A person wants the CA to revoke this version, with a code of RFC 5280 §5.3.1 (revoking.ts). */
  revoking: orNull(
    ledgerObject({
      at: instant,
      versionId: z.string(),
      code: z.enum(revocationCodeNames),
      reason: z.string(),
    }),
  ),
  /** The outcome of that wish, which its time names. */
  revokeTried: orNull(
    ledgerObject({
      wish: instant,
      doneAt: z.nullable(instant),
      failure: z.nullable(failureSchema),
    }),
  ),
  /** A person wants a renewal rehearsed at a staging directory (rehearsing.ts). */
  rehearsing: orNull(ledgerObject({ at: instant, reason: z.string() })),
  /** The outcome of that wish, which its time names. */
  rehearsed: orNull(
    ledgerObject({
      wish: instant,
      /** The staging directory. */
      directory: z.string(),
      /** How many times it was begun, and when it last was. */
      tries: z.int(),
      triedAt: instant,
      doneAt: z.nullable(instant),
      /** How many names the certificate has, and how many the CA validated this time. */
      names: z.int(),
      validated: z.int(),
      /** Null where it passed, and before it is done. */
      failure: z.nullable(ledgerObject({ error: z.string(), message: z.string() })),
    }),
  ),
  /** When a person last asked to retry everything that waits after a failure. */
  retried: orNull(ledgerObject({ at: instant, run: z.string() })),
  leases: z.record(z.string(), lease),
  /** By place key. */
  imports: z.record(z.string(), acmImport),
  /** By target key. */
  deployments: z.record(z.string(), deploymentSchema),
  txt: z.array(txtIntent),
  /** By region. */
  replicas: z.record(z.string(), replicaSchema),
  renewalInfo: z.nullable(renewalInfoSchema),
  revocation: z.nullable(revocationSchema),
  /** By issuer. */
  fallbacks: z.record(z.string(), fallbackSchema),
  /** The lowest expiry threshold of the desired version that was reported. */
  expiryTold: z.nullable(ledgerObject({ versionId: z.string(), days: z.number() })),
  /** By retired ARN: the use that was reported, and the lowest expiry threshold reported for it, null before any. */
  usesTold: z._default(
    z.record(z.string(), ledgerObject({ since: instant, threshold: z.nullable(z.number()) })),
    {},
  ),
  outbox: z.array(eventSchema),
  /** Events that were sent to the bus in the last days. */
  sentEvents: z._default(z.array(sentBySchema), []),
  history: z.array(historyEntry),
});

export type CertificateRecord = Readonly<z.infer<typeof recordSchema>>;
export type Version = Readonly<z.infer<typeof version>>;
export type Origin = Readonly<z.infer<typeof origin>>;
export type FallbackState = Readonly<z.infer<typeof fallbackSchema>>;
export type RevocationState = Readonly<z.infer<typeof revocationSchema>>;
export type RenewalInfoState = Readonly<z.infer<typeof renewalInfoSchema>>;
export type Attempt = Readonly<z.infer<typeof attempt>>;
export type TxtIntent = Readonly<z.infer<typeof txtIntent>>;
export type Lease = Readonly<z.infer<typeof lease>>;
export type AcmImport = Readonly<z.infer<typeof acmImport>>;
export type RetiredArn = Readonly<z.infer<typeof retiredArn>>;
export type Deployment = Readonly<z.infer<typeof deploymentSchema>>;
export type ListenerChange = NonNullable<Deployment['changes']>[number];
export type Failure = Readonly<z.infer<typeof failureSchema>>;
export type Rehearsed = NonNullable<CertificateRecord['rehearsed']>;
export type Replica = Readonly<z.infer<typeof replicaSchema>>;
export type LedgerEvent = Readonly<z.infer<typeof eventSchema>>;

export function emptyRecord(id: string, now: Date): CertificateRecord {
  return {
    schemaVersion: 1,
    id,
    updatedAt: now.toISOString(),
    desired: null,
    versions: [],
    attempt: null,
    acquireFailure: null,
    forced: null,
    dueWhenIssued: null,
    wishTold: null,
    overriddenAt: null,
    paused: null,
    chosen: null,
    barred: [],
    revoking: null,
    revokeTried: null,
    rehearsing: null,
    rehearsed: null,
    retried: null,
    leases: {},
    imports: {},
    deployments: {},
    txt: [],
    replicas: {},
    renewalInfo: null,
    revocation: null,
    fallbacks: {},
    expiryTold: null,
    usesTold: {},
    outbox: [],
    sentEvents: [],
    history: [],
  };
}

export function desiredVersion(record: CertificateRecord): Version | null {
  return record.versions.find((version) => version.id === record.desired) ?? null;
}
