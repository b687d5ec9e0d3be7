import * as z from 'zod/mini';
import {
  type ConditionType,
  clientsGet,
  conditionTypes,
  severities,
  statuses,
} from './condition.ts';

/** The descriptions stand in docs/status.schema.json, for whoever reads the object. */
function described<Schema extends z.ZodMiniType>(description: string, schema: Schema): Schema {
  z.globalRegistry.add(schema, { description });
  return schema;
}

const instant = () => z.iso.datetime();
const count = () => z.int().check(z.minimum(0));
const typeNames = Object.keys(conditionTypes) as [ConditionType, ...ConditionType[]];

const cause = z.object({
  type: described('docs/runbook.md has a heading for each.', z.enum(typeNames)),
  status: described('unknown: nobody can say, or it is still being tried.', z.enum(statuses)),
  reason: described('An error of docs/runbook.md, or one word for a state.', z.string()),
  severity: described(
    'none: nobody has to do anything. warning: a person has to, before clients are hurt. critical: clients are hurt, or will be within days, or a key is lost.',
    z.enum(severities),
  ),
  clients: described('What clients get meanwhile.', z.enum(clientsGet)),
  scope: described(
    'What many certificates wait for together, such as "issuer letsencrypt"; absent where the cause is their own.',
    z.optional(z.string()),
  ),
});

const condition = z.object({
  cause: described('An index of causes.', count()),
  text: described('An index of texts: one sentence.', count()),
  since: described('Since when it has this status.', instant()),
  about: described(
    'The target, region, place, issuer or ARN; absent for the whole.',
    z.optional(z.string()),
  ),
  where: described(
    'The target whose clients are hurt first, where it is not the one of about.',
    z.optional(z.string()),
  ),
  hurtsAt: described(
    'When clients are hurt unless something changes; null for never. Absent where it is servedUntil of the certificate, and never for the installation.',
    z.optional(z.nullable(instant())),
  ),
  nextAttemptAt: described('When certkeep tries again by itself.', z.optional(instant())),
});

const certificate = z.object({
  id: z.string(),
  name: described('The first of its names.', z.string()),
  names: described('How many names it has.', count()),
  owner: described(
    'Its owner, as configured; of a certificate that left the configuration the last one. Absent where it has none.',
    z.optional(z.string()),
  ),
  state: described(
    'The severity of its worst condition. working: something is under way, and nobody has to do anything.',
    z.enum(['well', 'working', 'warning', 'critical']),
  ),
  issuer: z.nullable(z.string()),
  endsAt: described('The end of the stored certificate.', z.nullable(instant())),
  servedUntil: described(
    'The earliest end that clients meet, as last seen.',
    z.nullable(instant()),
  ),
  renewsAt: described('When the next renewal may start.', z.nullable(instant())),
  targets: count(),
  conditions: described(
    'What is not well, the worst first; absent where all is.',
    z.optional(z.array(condition)),
  ),
});

const discovered = z.object({
  arn: z.string(),
  place: described('The account and region in which it was found.', z.string()),
  certificate: described(
    'The value of its tag certkeep:certificate, or of the one that was approved. Whoever may tag it has written it.',
    z.string(),
  ),
  position: described('The value of its tag certkeep:position.', z.optional(z.string())),
  state: described(
    'waiting: nobody has decided about it. approved: it gets the certificate. withdrawn: a person has said no. unusable: nothing can be bound there. untagged: it was approved, and has lost its tag. changed: it was approved for another tag.',
    z.enum(['waiting', 'approved', 'withdrawn', 'unusable', 'untagged', 'changed']),
  ),
  reason: described('For people, in one sentence.', z.optional(z.string())),
});

/** The object from which people, pages, metrics and other tools read the state of the fleet. */
export const statusSchema = z.object({
  schemaVersion: z.literal(1),
  installation: z.object({ name: z.string(), account: z.string(), region: z.string() }),
  checkedAt: described('The end of the check that wrote it.', instant()),
  counts: described(
    'How many certificates are in each state.',
    z.object({ well: count(), working: count(), warning: count(), critical: count() }),
  ),
  conditions: described(
    'What is not well with the installation itself, the worst first.',
    z.array(condition),
  ),
  causes: described('What many conditions have in common.', z.array(cause)),
  texts: described('What is wrong, or under way, in one sentence each.', z.array(z.string())),
  certificates: described('The worst first.', z.array(certificate)),
  discovered: described(
    'What carries the tag of a certificate, in the order of ARNs; absent where certkeep does not look for it.',
    z.optional(z.array(discovered)),
  ),
});

export type Status = Readonly<z.infer<typeof statusSchema>>;
