import * as z from 'zod';
import { installationPattern } from '#shared/installation.ts';

const milliseconds = z.coerce.number().int().min(0);

/** `a=b,c=d` */
const pairs = z
  .string()
  .transform((text) => text.split(',').filter((pair) => pair !== ''))
  .transform((all) => new Map(all.map((pair) => pair.split('=', 2) as [string, string])));

const environmentSchema = z.object({
  AWS_REGION: z.string(),
  CERTKEEP_INSTALLATION: z.string().regex(installationPattern),
  /** Of the ledger. */
  CERTKEEP_BUCKET: z.string(),
  /** The configuration travels as an object; it is believed only if its digest is the one deployed. */
  CERTKEEP_CONFIG_BUCKET: z.string(),
  CERTKEEP_CONFIG_KEY: z.string(),
  CERTKEEP_CONFIG_SHA256: z.string().regex(/^[0-9a-f]{64}$/),
  CERTKEEP_BUS: z.string(),
  CERTKEEP_ISSUE_QUEUE_URL: z.string(),
  CERTKEEP_DEPLOY_QUEUE_URL: z.string(),
  CERTKEEP_VERIFY_QUEUE_URL: z.string(),
  /** The KMS key of new secrets, under the same alias in every region that has a replica. */
  CERTKEEP_KEY_ID: z.string(),
  /** The name of the role to assume in another account; only where functions reach other accounts. */
  CERTKEEP_PLACE_ROLE: z.string().default(''),
  /** Only where messages are sent. */
  CERTKEEP_TOPIC_ARN: z.string().default(''),
  /** `region=bucket` pairs. */
  CERTKEEP_REPLICA_BUCKETS: pairs.default(new Map()),
  /** The waits after a first, second, … failure, the last one for all further ones. */
  CERTKEEP_RETRY_DELAYS_MS: z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .default('60000,600000,6000000,86400000')
    .transform((text) => text.split(',').map(Number)),
  /** How often a pending order, DNS change or endpoint is looked at again. */
  CERTKEEP_POLL_MS: milliseconds.default(4_000),
  /** How long after a change an endpoint may still serve the previous certificate. */
  CERTKEEP_SPREAD_MS: milliseconds.default(300_000),
  /** How long a proof counts: a proven endpoint is asked again after it, and drift is found then. */
  CERTKEEP_REPROBE_MS: milliseconds.default(21_600_000),
  /** `host:port` of the DNS resolver for probes; the system's unless set. */
  CERTKEEP_RESOLVER: z.string().default(''),
});

export type Environment = z.output<typeof environmentSchema>;

/** @throws Error that lists every variable that is missing or wrong */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): Environment {
  const parsed = environmentSchema.safeParse(variables);
  if (parsed.success) return parsed.data;
  throw new Error(`The environment of this function is wrong:\n${z.prettifyError(parsed.error)}`);
}
