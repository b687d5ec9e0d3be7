import * as z from 'zod';
import { maintenanceSchema } from '#shared/config/maintenance.ts';
import { installationPattern } from '#shared/installation.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { keyAlgorithms } from '#shared/key-algorithm.ts';
import { fewestExecutions, mostExecutions, usualExecutions } from '#shared/limits.ts';
import { regionPattern } from '#shared/region.ts';
import { accountSchema } from '#shared/schema/account.ts';
import { hints } from '#shared/schema/hints.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';
import { type NormalName, normalizeAnyName, normalizeZone } from './names.ts';
import { pluginUnion } from './plugin-union.ts';

export const days = z.int().min(1).max(397);

const region = z
  .string()
  .regex(regionPattern, 'is not the name of an AWS region')
  .register(hints, { fix: 'Write a region such as us-east-1.' });

const place = z
  .string()
  .regex(new RegExp(`^\\d{12}/${regionPattern.source.slice(1)}`), 'is not an account and a region')
  .register(hints, { fix: 'Write both with a slash between: "123456789012/us-east-1".' });

const installation = z
  .string()
  .regex(installationPattern, 'is not a name for an installation')
  .register(hints, {
    fix: 'Write up to 24 lower-case letters, digits and hyphens, such as certkeep; AWS keeps default, and what begins with aws, ssm or sthree-, for itself.',
  });

export const email = z
  .email('is not an e-mail address')
  .register(hints, { fix: 'Write an address such as ops@example.com, without a name.' });

const roleName = '(?:[\\w+=,.@-]+/)*[\\w+=,.@-]{1,64}';

const breakGlassRole = z
  .string()
  .regex(
    new RegExp(`^(?:arn:aws[a-z-]*:iam::\\d{12}:role/)?${roleName}$`),
    'is not the name or ARN of a role',
  )
  .register(hints, {
    fix: 'Write the name of a role, or its ARN with its path: arn:aws:iam::123456789012:role/break-glass. Of a session, write its role.',
  });

/** The form that STS accepts (API_AssumeRole.html, ExternalId), and long enough not to be guessed. */
const externalId = z
  .string()
  .regex(/^[\w+=,.@:/-]{16,1224}$/, 'is not an external id')
  .register(hints, {
    fix: 'Write 16 letters and digits at least that nobody guesses, such as those that uuidgen prints.',
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
  .describe('A DNS name; "*." in front makes it a wildcard, which must stand in quotes.');

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
  .describe('The names this solver is for. Without it, it is the default for all others.');

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
    'Certificates that are issued at once. They share the request rates of DNS services.',
  ),
  deploy: runs('deploy', 'Certificates that are deployed at once, each in one account and region.'),
  verify: runs('verify', 'Certificates whose endpoints are asked at once.'),
});

export const issuerSchema = pluginUnion(issuerSpecs);
export const targetSchema = pluginUnion(targetSpecs);
export const solverSchema = pluginUnion(solverSpecs, { selector: selector.exactOptional() });

export const retiredSchema = z.strictObject({
  solvers: z
    .array(pluginUnion(solverSpecs))
    .default([])
    .describe(
      'Solvers as above, without selector: they take away what an interrupted attempt left published, and prove no name.',
    ),
  places: z
    .array(place)
    .default([])
    .describe(
      'Accounts and regions (`123456789012/us-east-1`) that no target is in any more: imported certificates and published ARNs are taken out.',
    ),
});

const issuerName = z.string().min(1);

/** A duration in hours: `762h`, `30d`. */
export const duration = z.string().transform((written, context) => {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(written) ?? [];
  const hours = Number(count) * (unit === 'd' ? 24 : 1);
  if (hours >= 1 && hours <= 397 * 24) return hours;
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
    .describe('Every name the certificate is for, apex and wildcard together if wanted.'),
  issuer: z
    .union([issuerName, z.array(issuerName).min(1)], {
      error: 'is neither the name of an issuer nor a list of names',
    })
    .transform((written) => [...new Set([written].flat())])
    .describe(
      'The name of an issuer above, or a list of them: the first, and those that take its place while it fails.',
    )
    .register(hints, { fix: 'Write "issuer: " and the name of an issuer, or a list of names.' }),
  key: z
    .enum(keyAlgorithms)
    .default('ecdsa-p256')
    .describe('The algorithm of the key. A Classic Load Balancer takes only rsa-2048.'),
  renewBeforeDays: days
    .exactOptional()
    .describe(
      'Days before the end of life; by default when the CA advises (RFC 9773), or a third of the real lifetime.',
    ),
  renewBefore: duration
    .exactOptional()
    .describe(
      'The same with its unit, for parts of a day: `762h`, `30d`. Instead of `renewBeforeDays`.',
    ),
  rotation: z
    .enum(['always', 'reuse'])
    .default('always')
    .describe(
      'Whether a renewal makes a new key, or takes over the one in service: for pinning. A force, and a revocation, make a new one in any case.',
    ),
  maintenance: maintenanceSchema
    .exactOptional()
    .describe('When renewals of this certificate may start, instead of the times below.'),
  adopt: z
    .enum(['new-arn', 'in-place'])
    .default('new-arn')
    .describe(
      'What to do with a foreign certificate found on a target: bind a new ARN, or import onto its own.',
    ),
  targets: z
    .array(targetSchema)
    .default([])
    .describe('What serves it. Without targets the certificate is only kept in the key store.'),
});

/** The file as people write it; parse.ts turns the output into a `Config`. */
export const documentSchema = z
  .strictObject({
    installation: installation
      .default('certkeep')
      .describe(
        'The name of the installation. A second one in the same account, or with targets in the same account, needs another.',
      ),
    home,
    replicas: z
      .array(region)
      .default([])
      .describe('Further regions that keep a copy of keys and certificates.'),
    externalId: externalId
      .exactOptional()
      .describe(
        'What the roles that certkeep has in other accounts, and at listeners, ask for besides the name of the role that takes them (`sts:ExternalId`). No secret, but nothing to be guessed.',
      ),
    breakGlassRole: breakGlassRole
      .exactOptional()
      .describe(
        'A role of the home account, by its name or ARN, that people take in an emergency: it alone may write into the buckets beside certkeep, and delete versions. Without it nobody may.',
      ),
    alerts: z
      .strictObject({
        expiringDays: z
          .array(threshold)
          .min(1)
          .default([21, 14, 7, 3, 1])
          .transform((thresholds) => [...new Set(thresholds)].sort((a, b) => b - a))
          .describe(
            'Warn when a certificate in service has this many days left; less than a day, or parts of one, with the unit: `12h`.',
          ),
        email: z
          .array(email)
          .default([])
          .transform((addresses) => [...new Set(addresses)])
          .describe('Addresses that get every message; AWS asks each of them to confirm it first.'),
      })
      .prefault({})
      .describe('When to tell people, and whom.'),
    concurrency: concurrencySchema
      .prefault({})
      .describe(
        'How much is worked on at once. The defaults take seven of the ten executions that a new account has.',
      ),
    maintenance: maintenanceSchema
      .exactOptional()
      .describe(
        'When renewals may start, for certificates that name no times of their own. What has a tenth of its life left, is revoked, missing, changed or forced does not wait.',
      ),
    issuers: z
      .record(z.string(), issuerSchema)
      .describe('Certificate authorities, by a name of yours.'),
    solvers: z
      .array(solverSchema)
      .min(1)
      .describe('How control of the names is proven to the certificate authority.'),
    certificates: z
      .record(z.string(), certificateSchema)
      .describe('The certificates to keep, by an id of yours.'),
    retired: retiredSchema
      .prefault({})
      .describe('What has left the configuration and is still to be cleaned up.'),
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
