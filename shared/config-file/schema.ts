import * as z from 'zod';
import { messageSeverities } from '#shared/channels/message.ts';
import { discoverySchema } from '#shared/config/discovery.ts';
import { maintenanceSchema } from '#shared/config/maintenance.ts';
import { probedPlacesSchema } from '#shared/config/probed-places.ts';
import { rolloutSchema } from '#shared/config/rollout.ts';
import { installationPattern } from '#shared/installation.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { familyOf, keyAlgorithms } from '#shared/key-algorithm.ts';
import { fewestExecutions, mostExecutions, usualExecutions } from '#shared/limits.ts';
import { regionPattern } from '#shared/region.ts';
import { accountSchema } from '#shared/schema/account.ts';
import { hints } from '#shared/schema/hints.ts';
import { placeKeySchema } from '#shared/schema/place-key.ts';
import { secretName } from '#shared/schema/secret-name.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import { type NormalName, normalizeAnyName, normalizeZone } from './names.ts';
import { pluginUnion } from './plugin-union.ts';

const longestDays = 397;
const days = z.int().min(1).max(longestDays);
/** The least is more than an hour, within which check could not renew. */
export const partsOfDays = z.number().min(0.05).max(longestDays);

const region = z
  .string()
  .regex(regionPattern, 'is not the name of an AWS region')
  .register(hints, { fix: 'Write a region such as us-east-1.' });

const installation = z
  .string()
  .regex(installationPattern, 'is not a name for an installation')
  .register(hints, {
    fix: 'Write up to 24 lower-case letters, digits and hyphens, such as certkeep; AWS reserves default, and names that begin with aws, ssm or sthree-.',
  });

const email = z
  .email('is not an e-mail address')
  .register(hints, { fix: 'Write an address such as ops@example.com, without a name.' });

export const snsTopic = z
  .string()
  .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'is not the ARN of an SNS topic')
  .register(hints, {
    fix: 'Write the ARN of a standard topic: "snsTopic: arn:aws:sns:us-east-1:123456789012:ops".',
  });

/** Policies name keys by this ARN alone, aliases may lead elsewhere tomorrow. */
export const kmsKeyArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(?:mrk-)?[0-9a-f-]{32,36}$/,
    'is not the ARN of a KMS key',
  )
  .register(hints, {
    fix: 'Write its ARN: arn:aws:kms:us-east-1:123456789012:key/0f1e2d3c-4b5a-4987-a6b5-c4d3e2f1a0b9.',
  });

/** Fits into a filter policy of SNS as it is. */
const owner = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not usable as the name of an owner')
  .register(hints, {
    fix: 'Write up to 63 lower-case letters, digits and hyphens, such as team-shop.',
  });

/** An address alone hears of everything. */
export const addressee = z
  .union(
    [
      email,
      z.strictObject({
        address: email.describe('The address.'),
        owners: z
          .array(owner)
          .min(1)
          .exactOptional()
          .describe(
            'It hears only of certificates with one of these owners, and nothing of the installation itself. Without this, it hears of everything.',
          ),
        severities: z
          .array(z.enum(messageSeverities))
          .min(1)
          .exactOptional()
          .describe(
            'It hears only of trouble that is, or has been, one of these, until that is over; `info` is what nobody has to act on, such as the weekly digest.',
          ),
      }),
    ],
    { error: 'is neither an address nor a block with an address' },
  )
  .register(hints, {
    fix: 'Write an address, or a block: {address: ops@example.com, owners: [team-shop]}.',
  })
  .transform((written) => (typeof written === 'string' ? { address: written } : written));

const roleName = '(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}';

const breakGlassRole = z
  .string()
  .regex(
    new RegExp(`^(?:arn:aws[a-z-]*:iam::\\d{12}:role/)?${roleName}$`),
    'is not the name or ARN of a role',
  )
  .register(hints, {
    fix: 'Write the name of a role, or its ARN with its path: arn:aws:iam::123456789012:role/break-glass. For a session, write its role.',
  });

/** The form that STS accepts (API_AssumeRole.html, ExternalId), and long enough not to be guessed. */
const externalId = z
  .string()
  .regex(/^[\w+=,.@:/-]{16,1224}$/, 'is not an external id')
  .register(hints, {
    fix: 'Write at least 16 letters and digits that nobody can guess, such as the output of uuidgen.',
  });

const home = z
  .strictObject({
    account: accountSchema.describe('The AWS account certkeep runs in: twelve digits, in quotes.'),
    region: region.describe('The region certkeep runs in and keeps its ledger in.'),
  })
  .describe('Where certkeep itself runs.');

const name = z
  .string()
  .transform(normal(normalizeAnyName))
  .describe('A DNS name; "*." in front makes it a wildcard, which must be in quotes.');

const zone = z.string().transform(normal(normalizeZone));

const selector = z
  .strictObject({
    dnsNames: z
      .array(name)
      .exactOptional()
      .describe('Exactly these names; a wildcard must be listed as such.'),
    dnsZones: z
      .array(zone)
      .exactOptional()
      .describe('These zones and all names below them; the longest zone wins.'),
  })
  .describe(
    'The names that this solver proves. A solver without selector is the default for all other names.',
  );

function runs(part: keyof typeof usualExecutions, what: string) {
  return z
    .int()
    .min(fewestExecutions)
    .max(mostExecutions)
    .default(usualExecutions[part])
    .describe(what);
}

const concurrencySchema = z.strictObject({
  issue: runs(
    'issue',
    'The maximum of runs that issue at once. Each works on up to 25 certificates, and on fewer where they share a low request rate of a DNS service; at most eight run where one is asked, since more would only wait for it.',
  ),
  deploy: runs(
    'deploy',
    'The maximum of runs that deploy at once, each up to 25 certificates in one account and region. ACM takes one import a second there, so at most six run for each account and region.',
  ),
  verify: runs(
    'verify',
    'The maximum of runs that ask endpoints at once, each those of up to 25 certificates; at most six for each account and region.',
  ),
});

export const issuerSchema = pluginUnion(issuerSpecs);
export const targetSchema = pluginUnion(targetSpecs);
export const solverSchema = pluginUnion(solverSpecs, { selector: selector.exactOptional() });

export const retiredSchema = z.strictObject({
  solvers: z
    .array(pluginUnion(solverSpecs))
    .default([])
    .describe(
      'Solvers as above, without selector: they remove what an interrupted attempt left published, and prove no name.',
    ),
  places: z
    .array(placeKeySchema)
    .default([])
    .describe(
      'Accounts and regions (`123456789012/us-east-1`) without targets: certkeep removes its imported certificates and published ARNs there. With `/iam` at the end, its server certificates of IAM.',
    ),
  kmsKeys: z
    .array(kmsKeyArn)
    .exactOptional()
    .describe(
      'KMS keys that were `keyStore.kmsKey`: certkeep may still use them for the secrets that are encrypted with them.',
    ),
});

const issuerName = z.string().min(1);

/** A duration in hours: `762h`, `30d`. */
export const duration = z.string().transform((written, context) => {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(written) ?? [];
  const hours = Number(count) * (unit === 'd' ? 24 : 1);
  if (hours >= 1 && hours <= longestDays * 24) return hours;
  const message = unit ? 'is not between 1h and 397d' : 'is not a number of hours or days';
  context.addIssue({
    code: 'custom',
    message,
    params: { fix: 'Write hours or days, such as 762h or 30d.' },
  });
  return z.NEVER;
});

/** A threshold in days or parts of a day: `14`, `36h`. */
export const threshold = z.union([days, duration.transform((hours) => hours / 24)], {
  error: 'is neither a number of days nor hours with their unit',
});

export const certificateSchema = z.strictObject({
  names: z
    .array(name)
    .min(1)
    .transform((names) => [...new Set(names)])
    .describe('Every name of the certificate, apex and wildcard together if wanted.'),
  issuer: z
    .union([issuerName, z.array(issuerName).min(1)], {
      error: 'is neither the name of an issuer nor a list of names',
    })
    .transform((written) => [...new Set([written].flat())])
    .describe(
      'The name of an issuer above, or a list of names: the first issuer, and those that take over while it fails.',
    )
    .register(hints, { fix: 'Write "issuer: " and the name of an issuer, or a list of names.' }),
  key: z
    .union([z.enum(keyAlgorithms), z.array(z.enum(keyAlgorithms)).min(1)])
    .default('ecdsa-p256')
    .transform((written) => [written].flat())
    .refine((keys) => new Set(keys.map(familyOf)).size === keys.length, {
      error: 'has two keys of one kind, between which no client chooses',
      params: { fix: 'Write one ECDSA and one RSA key: [ecdsa-p256, rsa-2048].' },
    })
    .describe(
      'The algorithm of the key. A Classic Load Balancer takes only rsa-2048. A list of an ECDSA and an RSA key makes two certificates: `[ecdsa-p256, rsa-2048]`. The first has the id of the entry, the second ends in `-rsa` or `-ecdsa`. Application and Network Load Balancers get both, and choose for each client; any other target gets the first that it takes.',
    ),
  renewBeforeDays: partsOfDays
    .exactOptional()
    .describe(
      'Renew this many days before the end of life; parts of a day are possible: `31.75`. By default certkeep renews when the CA advises it (RFC 9773), or with a third of the real lifetime left.',
    ),
  renewBefore: duration
    .exactOptional()
    .describe('The same with a unit: `762h`, `30d`. Use it instead of `renewBeforeDays`.'),
  owner: owner
    .exactOptional()
    .describe(
      'The team or person whom messages about it concern, by a name of yours. Addresses under `alerts.email` choose by it what they hear.',
    ),
  rotation: z
    .enum(['always', 'reuse'])
    .default('always')
    .describe(
      'Whether a renewal makes a new key, or reuses the one in service (for pinning). A force or a revocation makes a new key in any case.',
    ),
  maintenance: maintenanceSchema
    .exactOptional()
    .describe('When renewals of this certificate may start. Replaces the top-level `maintenance`.'),
  rollout: rolloutSchema
    .exactOptional()
    .describe('The order of its accounts and regions. Replaces the top-level `rollout`.'),
  adopt: z
    .enum(['new-arn', 'in-place'])
    .default('new-arn')
    .describe(
      'What to do with a foreign certificate on a target: bind a new ARN instead, or import onto its ARN.',
    ),
  targets: z
    .array(targetSchema)
    .default([])
    .describe(
      'The endpoints that serve it. Without targets, certkeep only keeps the certificate in the key store.',
    ),
});

/** The file as people write it; parse.ts turns the output into a `Config`. */
export const documentSchema = z
  .strictObject({
    installation: installation
      .default('certkeep')
      .describe(
        'The name of the installation. A second installation in the same account, or with targets in the same account, needs another name.',
      ),
    home,
    replicas: z
      .array(region)
      .default([])
      .describe('Other regions that keep a copy of keys and certificates.'),
    externalId: externalId
      .exactOptional()
      .describe(
        'An external id (`sts:ExternalId`). The roles of certkeep in other accounts, and at listeners, require it in addition to the name of the role that assumes them. It is no secret, but nobody should be able to guess it.',
      ),
    breakGlassRole: breakGlassRole
      .exactOptional()
      .describe(
        'A role of the home account, by its name or ARN, that people use in an emergency. Besides certkeep, only this role may write into the buckets and delete versions. Without it nobody may.',
      ),
    alerts: z
      .strictObject({
        expiringDays: z
          .array(threshold)
          .min(1)
          .default([21, 14, 7, 3, 1])
          .transform((thresholds) => [...new Set(thresholds)].sort((a, b) => b - a))
          .describe(
            'Warn when a certificate in service has this many days left. Write parts of a day in hours: `12h`.',
          ),
        email: z
          .array(addressee)
          .prefault([])
          .describe(
            'Addresses that get every message, or a block for one that gets only some. AWS asks each of them to confirm it first.',
          ),
        snsTopic: snsTopic
          .exactOptional()
          .describe(
            'The ARN of an SNS topic of yours that gets every message too, in any region and account of the partition. The topic of an account other than home needs a policy that lets certkeep publish.',
          ),
        snsTopicKey: kmsKeyArn
          .exactOptional()
          .describe(
            'The ARN of the KMS key that encrypts that topic, where it is a key of yours. Its policy must let the role of alert use it.',
          ),
        digest: z
          .enum(['weekly', 'never'])
          .default('weekly')
          .describe('Whether one message a week says how all certificates are.'),
        runbook: z
          .url({ protocol: /^https$/ })
          .default('docs/runbook.md')
          .describe(
            'The address of the runbook, for the links in messages: your own copy, or a page of the repository that you deploy from.',
          ),
        heartbeat: z
          .strictObject({
            secret: secretName(/^[\w/+=.@-]{1,512}$/, 'is not the name of a secret').describe(
              'The name of a secret of yours in Secrets Manager, in the home region, that holds nothing but the address, `https://…`.',
            ),
          })
          .exactOptional()
          .describe(
            'A dead-man service of your choice rings when certkeep has not requested its address for long: the only way to hear of a lost account and, without `replicas`, of a lost region. certkeep requests it after each complete check, every ten minutes.',
          ),
      })
      .prefault({})
      .describe('When certkeep sends messages, and to whom.'),
    keyStore: z
      .strictObject({
        kmsKey: kmsKeyArn
          .exactOptional()
          .describe(
            'The ARN of a KMS key of yours, in the home account and region, that encrypts the secrets with the keys of certificates and ACME accounts. With `replicas`, a multi-Region key with a replica in each of them. By default it is the key that the installation makes. Secrets that are there keep theirs.',
          ),
      })
      .exactOptional()
      .describe('How the keys are kept: in AWS Secrets Manager.'),
    concurrency: concurrencySchema
      .prefault({})
      .describe(
        'How many runs certkeep has at once, of which each works on up to 25 certificates. The defaults take seven of the ten executions that a new account has.',
      ),
    maintenance: maintenanceSchema
      .exactOptional()
      .describe(
        'When renewals may start, for certificates without a `maintenance` of their own. A certificate that has a tenth of its life left, or is revoked, missing, changed or forced, does not wait.',
      ),
    rollout: rolloutSchema
      .exactOptional()
      .describe(
        'The order in which accounts and regions get a new version, for certificates without a `rollout` of their own. What is urgent does not wait: a revoked, barred or forced certificate, one that a person has put back, and one whose clients get nothing good within a day.',
      ),
    places: probedPlacesSchema.exactOptional(),
    discovery: discoverySchema
      .exactOptional()
      .describe(
        'Whether certkeep looks for listeners, Classic Load Balancers and distributions with the tag `certkeep:certificate=<id>`, and who decides that they get the certificate: `approve` or `trusted`, or a block.',
      ),
    issuers: z
      .record(z.string(), issuerSchema)
      .describe('Certificate authorities, each under a name that you choose.'),
    solvers: z
      .array(solverSchema)
      .min(1)
      .describe('How certkeep proves control of the names to the certificate authority.'),
    certificates: z
      .record(z.string(), certificateSchema)
      .describe('The certificates to keep, each under an id that you choose.'),
    retired: retiredSchema
      .prefault({})
      .describe('What has left the configuration and still needs cleaning up.'),
  })
  .describe('The configuration of certkeep.');

function normal(normalize: (written: string) => NormalName) {
  return (written: string, context: z.RefinementCtx): string => {
    const result = normalize(written);
    if (result.ok) return result.name;
    context.addIssue({ code: 'custom', message: result.message, params: { fix: result.fix } });
    return z.NEVER;
  };
}
