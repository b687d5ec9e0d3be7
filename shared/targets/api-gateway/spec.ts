import * as z from 'zod';
import { managedTag, permissionNames as names } from '#shared/installation.ts';
import { accountSchema } from '#shared/schema/account.ts';
import type { TargetSpec } from '../target.ts';
import { domainHasAnEdge } from './checks.ts';

/** The ARN of a domain name as a path: `/` and `:` are encoded there, as in the requests for its tags. */
const tagsOfDomain =
  'arn:{partition}:apigateway:{domainRegion}::/tags/arn%3A{partition}%3Aapigateway%3A{domainRegion}%3A%3A%2Fdomainnames%2F{domain}';

const domains = ['arn:{partition}:apigateway:{domainRegion}::/domainnames/{domain}'];
const allDomains = ['arn:{partition}:apigateway:{domainRegion}::/domainnames/*'];

const onlyOurMark = {
  'ForAllValues:StringLike': { 'aws:TagKeys': ['certkeep:previous-of:*'] },
  Null: { 'aws:TagKeys': 'false' },
};

export const apiGatewaySpec = {
  type: 'api-gateway',
  summary: 'API Gateway: the certificate of a custom domain name of REST, HTTP or WebSocket APIs.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [domain names](clouds.md#api-gateway-domain-names) run on moto too, which knows no change of a domain name. Its status, the turns and mutual TLS are documentation only.',
  },
  schema: z.strictObject({
    type: z.literal('api-gateway'),
    domain: z
      .string()
      .regex(
        /^(?:\*\.)?(?!-)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+$/,
        'is not a custom domain name in small letters',
      )
      .describe('The custom domain name, as API Gateway lists it; one of the names above.'),
    endpoint: z
      .enum(['regional', 'edge'])
      .default('regional')
      .describe(
        'The type of its endpoint. The certificate of an edge-optimized one is imported into us-east-1.',
      ),
    region: z
      .string()
      .optional()
      .describe('The region of the domain name, if that is not the home region.'),
    account: accountSchema
      .optional()
      .describe('Its account in quotes, if that is not the home account.'),
  }),
  example: { type: 'api-gateway', domain: 'api.example.com' },
  // "the maximum size of the public key is 2048" (how-to-specify-certificate-for-custom-domain-name). No page says that
  // ECDSA keys work, and for mutual TLS in GovCloud one says that they do not.
  keyAlgorithms: ['rsa-2048'],
  notes: [
    'API Gateway takes one change of a domain name in 30 seconds, for an account and region. Changes take turns, those that put something back first. Renewals that keep the ARN need none.',
    'With mutual TLS the issuer of the certificate must stay: name one issuer, without failover. No page says whether another intermediate certificate of the same CA counts as another issuer: if it does, you are told, and the message says what to do. The certificate that verifies the ownership is left as it is.',
    'A change of an edge-optimized one takes about 40 minutes, and a renewal on the same ARN up to a day, as AWS says of CloudFront: it is proven when it is there, and nothing is put back before. Within the last day of a certificate, its renewal there gets a new ARN.',
    'Only the domain name is asked for at its endpoint: the other names of the certificate may be served elsewhere. A private one has no endpoint that could be asked, and is not supported.',
  ],
  checks: [domainHasAnEdge],
  permissions: [
    {
      sid: 'LookAtDomainNames',
      stages: ['rebind', 'verify'],
      actions: ['apigateway:GET'],
      resources: domains,
      otherwise: {
        resources: allDomains,
        meaning: 'It is allowed for every domain name of the account, which it only reads.',
      },
      reason: 'Says which certificate the domain name has, where it is served, and its tags.',
    },
    {
      sid: 'BindDomainNames',
      stages: ['rebind'],
      actions: ['apigateway:PATCH'],
      resources: domains,
      otherwise: {
        resources: allDomains,
        conditions: { StringEquals: { [`aws:ResourceTag/${managedTag}`]: names.installation } },
        meaning: `It is allowed for what carries the tag ${managedTag} with the name of the installation: tag the domain names that the configuration names.`,
      },
      reason: 'Binds the certificate to the domain name in the configuration.',
    },
    {
      sid: 'MarkDomainNames',
      stages: ['rebind'],
      actions: ['apigateway:PUT'],
      resources: [tagsOfDomain],
      conditions: onlyOurMark,
      otherwise: {
        resources: ['arn:{partition}:apigateway:{domainRegion}::/tags/*'],
        conditions: onlyOurMark,
        meaning: 'It is allowed for everything in API Gateway that has tags, for this tag alone.',
      },
      reason:
        'Before certkeep replaces somebody else’s certificate, it tags the domain name with that certificate: a rollback puts nothing else back. It may add only this tag.',
    },
    {
      sid: 'BindAtEdges',
      stages: ['rebind'],
      actions: ['cloudfront:UpdateDistribution'],
      resources: ['*'],
      needs: 'edge',
      reason:
        'API Gateway asks for it where the certificate of an edge-optimized domain name is replaced. The distribution belongs to an account of AWS, which the configuration cannot name.',
    },
  ],
} as const satisfies TargetSpec;
