import * as z from 'zod/mini';
import { installationPattern } from '#shared/installation.ts';
import { inEnglish } from '#shared/text/in-english.ts';

const milliseconds = z.pipe(z.coerce.number(), z.int().check(z.minimum(0)));

/** `a=b,c=d` */
const pairs = z.pipe(
  z.string(),
  z.transform((text) => {
    const all = text.split(',').filter((pair) => pair !== '');
    return new Map(all.map((pair) => pair.split('=', 2) as [string, string]));
  }),
);

/** `a,b` */
const names = z.pipe(
  z.string(),
  z.transform((text) => text.split(',').filter((name) => name !== '')),
);

const environmentSchema = z.object({
  AWS_REGION: z.string(),
  CERTKEEP_INSTALLATION: z.string().check(z.regex(installationPattern)),
  /** The account that owns the buckets. */
  CERTKEEP_ACCOUNT: z.string().check(z.regex(/^\d{12}$/)),
  /** The secrets with the accounts' keys; set only for the function that answers challenges. */
  CERTKEEP_ACCOUNT_SECRETS: z._default(names, []),
  /** The bucket of the ledger. */
  CERTKEEP_BUCKET: z.string(),
  /** The configuration is an object in this bucket; it is accepted only if its digest is the deployed one. */
  CERTKEEP_CONFIG_BUCKET: z.string(),
  CERTKEEP_CONFIG_KEY: z.string(),
  CERTKEEP_CONFIG_SHA256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  CERTKEEP_BUS: z.string(),
  CERTKEEP_ISSUE_QUEUE_URL: z.string(),
  CERTKEEP_DEPLOY_QUEUE_URL: z.string(),
  CERTKEEP_VERIFY_QUEUE_URL: z.string(),
  /** Set only for the function whose targets wait for turns. */
  CERTKEEP_LATER_QUEUE_URL: z._default(z.string(), ''),
  /** The names of functions that are started directly, without a queue. */
  CERTKEEP_ISSUE_FUNCTION: z.string(),
  CERTKEEP_DEPLOY_FUNCTION: z.string(),
  CERTKEEP_VERIFY_FUNCTION: z.string(),
  CERTKEEP_SYNC_FUNCTION: z.string(),
  /** The KMS key of new secrets, under the same alias in every region that has a replica. */
  CERTKEEP_KEY_ID: z.string(),
  /** The name of the role to assume in another account; set only where functions reach other accounts. */
  CERTKEEP_PLACE_ROLE: z._default(z.string(), ''),
  /** The name of the role that creates listener rules, in each account; set only where a solver does that. */
  CERTKEEP_LISTENER_ROLE: z._default(z.string(), ''),
  /** Set only where messages are sent. */
  CERTKEEP_TOPIC_ARN: z._default(z.string(), ''),
  /** The ARN of the same key, for the function that sends messages. */
  CERTKEEP_KEY_ARN: z._default(z.string(), ''),
  /** `region=bucket` pairs. */
  CERTKEEP_REPLICA_BUCKETS: z._default(pairs, new Map()),
  /** The waits after a first, second, … failure, the last one for all further ones. */
  CERTKEEP_RETRY_DELAYS_MS: z.pipe(
    z._default(z.string(), '60000,600000,6000000,86400000').check(z.regex(/^\d+(,\d+)*$/)),
    z.transform((text) => text.split(',').map(Number)),
  ),
  /** The interval between looks at a pending order, DNS change or endpoint. */
  CERTKEEP_POLL_MS: z._default(milliseconds, 4_000),
  /**
   * How long after a change an endpoint may still serve the previous certificate, where that is valid for days; a third of
   * it otherwise. AWS does not say how long all nodes take.
   */
  CERTKEEP_SPREAD_MS: z._default(milliseconds, 900_000),
  /** How long a proof counts, give or take a fifth: then a proven endpoint is asked again, and drift is found. */
  CERTKEEP_REPROBE_MS: z._default(milliseconds, 21_600_000),
  /** `host:port` of the DNS resolver for probes; the system's unless set. */
  CERTKEEP_RESOLVER: z._default(z.string(), ''),
});

export type Environment = z.output<typeof environmentSchema>;

const challengeSchema = z.pick(environmentSchema, {
  AWS_REGION: true,
  CERTKEEP_ACCOUNT: true,
  CERTKEEP_ACCOUNT_SECRETS: true,
  CERTKEEP_BUCKET: true,
});

const insideSchema = z.pick(environmentSchema, { CERTKEEP_RESOLVER: true });

export type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Error that lists every variable that is missing or wrong */
export function readEnvironment(variables: Variables): Environment {
  return read(environmentSchema, variables);
}

/**
 * Reads the environment of the function that answers challenges.
 * @throws Error that lists every variable that is missing or wrong
 */
export function readChallengeEnvironment(variables: Variables): z.output<typeof challengeSchema> {
  return read(challengeSchema, variables);
}

/**
 * Reads the environment of the function that asks from inside of a network.
 * @throws Error that lists every variable that is wrong
 */
export function readInsideEnvironment(variables: Variables): z.output<typeof insideSchema> {
  return read(insideSchema, variables);
}

function read<Schema extends z.ZodMiniType>(
  schema: Schema,
  variables: Variables,
): z.output<Schema> {
  const parsed = schema.safeParse(variables, inEnglish);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment of this function is wrong:\n${z.prettifyError(parsed.error)}`);
}
