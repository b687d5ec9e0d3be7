import { X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { mostListMiB, usualListMiB } from '#shared/crl/list-size.ts';
import { credentialsTag, permissionNames } from '#shared/installation.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';
import { secretName } from '#shared/schema/secret-name.ts';
import { certificatePems } from '#shared/x509/pem.ts';
import { directoryNamed, namedDirectories } from './directories.ts';
import { limitsSchema } from './limits-schema.ts';

const names = Object.keys(namedDirectories);

const directory = z
  .string()
  .transform((written, context) => {
    const named = directoryNamed(written);
    if (named) return named;
    const url = URL.parse(written);
    if (url?.username || url?.password) {
      context.addIssue({
        code: 'custom',
        message: 'holds a user or password, which certkeep sends to no CA',
        params: { fix: 'Write the URL without them.', value: `https://…@${url.host}` },
      });
      return z.NEVER;
    }
    // RFC 3986 §6.2: the host in lower case, without the default port.
    if (url?.protocol === 'https:') return url.href;
    context.addIssue({
      code: 'custom',
      message: 'is neither a CA known by name nor an https URL of an ACME directory',
      params: { fix: `Write one of: ${names.join(', ')}; or the URL of the directory.` },
    });
    return z.NEVER;
  })
  .describe(
    `The CA: ${names.map((name) => `\`${name}\``).join(', ')}, or the https URL of any ACME directory (RFC 8555 §7.1.1). certkeep asks no other host.`,
  );

const caBundle = z.string().superRefine((written, context) => {
  const blocks = certificatePems(written);
  if (blocks.length > 0 && blocks.every(isCertificate)) return;
  context.addIssue({
    code: 'custom',
    message: blocks.length > 0 ? 'holds a certificate that cannot be read' : 'holds no certificate',
    params: { fix: 'Write the certificates themselves, as PEM, below "caBundle: |".' },
  });
});

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}

const externalAccountBinding = z
  .strictObject({
    secret: secretName(/^[\w/+=.@-]{1,512}$/, 'is not the name of a secret').describe(
      'The name of a secret of yours in Secrets Manager, in the home region: `{"kid": "…", "hmacKey": "…"}` with the values that the CA gave you.',
    ),
  })
  .exactOptional();

export const acmeSpec = {
  type: 'acme',
  summary: 'A certificate authority that speaks ACME (RFC 8555).',
  tested: {
    against: 'real counterpart',
    how: 'Pebble, the ACME server that Let’s Encrypt tests clients with, issues over the local DNS and the local load balancers. No test asks a public CA.',
  },
  schema: z.strictObject({
    type: z.literal('acme'),
    directory,
    termsOfServiceAgreed: z
      .literal(true, {
        error: 'must be true: the CA issues only to accounts that agreed to its terms',
      })
      .describe('Confirms that you have read and agreed to the terms of the CA.'),
    contact: z
      .array(z.string().regex(/^mailto:[^\s@]+@[^\s@]+$/, 'is not a mailto: address'))
      .default([])
      .describe(
        'The `mailto:` addresses where the CA may write to you. certkeep sends a change to the existing account; if you leave it out, nothing changes there.',
      ),
    externalAccountBinding: externalAccountBinding.describe(
      'For a CA that requires one (RFC 8555 §7.3.4). certkeep reads it only until the account exists.',
    ),
    rehearsal: z
      .strictObject({
        directory: directory
          .exactOptional()
          .describe('The staging directory, by its name above or by its https URL.'),
        externalAccountBinding: externalAccountBinding.describe(
          'For a staging directory that requires one, as that of Google does. It is another one than that of the CA itself.',
        ),
      })
      .exactOptional()
      .describe(
        "Where `certkeep renew --dry-run` rehearses renewals: the staging directory of the CA. certkeep knows those of Let's Encrypt and Google.",
      ),
    profile: z
      .string()
      .regex(/^[\w.-]{1,100}$/, 'is not the name of a profile')
      .exactOptional()
      .describe(
        'The profile to order, from those that the directory of the CA lists: `shortlived`.',
      ),
    preferredChain: z
      .string()
      .min(1)
      .exactOptional()
      .describe(
        "The common name of the issuer at the top of the chain, if the CA offers several chains. By default, and if no chain has it, certkeep takes the CA's own choice.",
      ),
    staging: z
      .boolean()
      .exactOptional()
      .describe(
        'Says that clients do not trust this CA. Its certificates never replace others. certkeep knows this by itself for the staging environments above.',
      ),
    limits: limitsSchema.exactOptional(),
    revocationListMiB: z
      .int()
      .min(1)
      .max(mostListMiB)
      .exactOptional()
      .describe(
        `The largest revocation list of the CA, in MiB; by default ${usualListMiB}. certkeep does not read a larger one, and so notices no revocation.`,
      ),
    caBundle: caBundle
      .optional()
      .describe('For a private CA: PEM roots to trust for the TLS of the directory itself.'),
  }),
  example: {
    type: 'acme',
    directory: 'letsencrypt',
    termsOfServiceAgreed: true,
  },
  permissions: [
    {
      sid: 'ReadExternalAccounts',
      stages: ['issue'],
      actions: ['secretsmanager:GetSecretValue'],
      // Secrets Manager appends a hyphen and six characters to the name.
      resources: [
        'arn:{partition}:secretsmanager:{region}:{account}:secret:{externalAccount}-??????',
      ],
      needs: 'externalAccount',
      otherwise: {
        resources: ['arn:{partition}:secretsmanager:{region}:{account}:secret:*'],
        conditions: {
          StringEquals: { [`aws:ResourceTag/${credentialsTag}`]: permissionNames.installation },
        },
        meaning: `It is allowed for secrets that carry the tag ${credentialsTag} with the name of the installation: tag those that the configuration names.`,
      },
      reason:
        'Binds the ACME account once to the account that you have at the certificate authority.',
    },
  ],
} as const satisfies PluginSpec;
