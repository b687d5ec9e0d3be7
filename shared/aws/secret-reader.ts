import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretReader } from '#shared/acquire/solvers/credentials.ts';
import { CertkeepError } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import type { ClientOptions } from './clients.ts';
import { serviceCalls } from './service-errors.ts';

/** What a person has to mend; everything else is AWS's own trouble and passes. */
const named = serviceCalls({
  service: 'Secrets Manager',
  stage: 'issue',
  known: {
    AccessDeniedException: 'DnsCredentialsUnreadable',
    DecryptionFailure: 'DnsCredentialsUnreadable',
    InvalidParameterException: 'DnsCredentialsUnreadable',
    InvalidRequestException: 'DnsCredentialsUnreadable',
    ResourceNotFoundException: 'DnsCredentialsUnreadable',
  },
});

/** Secrets that people keep for certkeep, in the home region or where their ARN says. */
export function awsSecretReader(clients: (region?: string) => ClientOptions): SecretReader {
  const known = new Map<string, SecretsManagerClient>();

  function clientFor(id: string): SecretsManagerClient {
    const region = regionOf(id) ?? '';
    const client = known.get(region) ?? new SecretsManagerClient(clients(region || undefined));
    known.set(region, client);
    return client;
  }

  return async (id) => {
    const { SecretString } = await named('GetSecretValue', `secret ${id}`, () =>
      clientFor(id).send(new GetSecretValueCommand({ SecretId: id })),
    );
    if (SecretString !== undefined) return new Secret(SecretString);
    throw new CertkeepError('DnsCredentialsUnreadable', `secret ${id} holds bytes instead of text`);
  };
}

function regionOf(id: string): string | null {
  return id.startsWith('arn:') ? (id.split(':')[3] ?? null) : null;
}
