import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError, errorName } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import type { SecretReader } from '#shared/solvers/credentials.ts';

type Failure = 'DnsCredentialsUnreadable' | 'ExternalAccountUnreadable' | 'HeartbeatNotTaken';

/** Errors that a person must fix get the secret's own error name; all others are trouble of AWS that passes. */
function calls(failure: Failure) {
  return serviceCalls({
    service: 'Secrets Manager',
    stage: 'issue',
    known: {
      AccessDeniedException: failure,
      DecryptionFailure: failure,
      InvalidParameterException: failure,
      InvalidRequestException: failure,
      ResourceNotFoundException: failure,
    },
  });
}

/** Reads secrets that people keep for certkeep, in the home region or in the region of their ARN. */
export function awsSecretReader(
  clients: (region?: string) => ClientOptions,
  failure: Failure = 'DnsCredentialsUnreadable',
): SecretReader {
  const named = calls(failure);
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
    ).catch((error) => {
      throw isDenied(error) ? maybeMissing(id, error) : error;
    });
    if (SecretString !== undefined) return new Secret(SecretString);
    throw new CertkeepError(failure, `secret ${id} holds bytes instead of text`);
  };
}

function regionOf(id: string): string | null {
  return id.startsWith('arn:') ? (id.split(':')[3] ?? null) : null;
}

function isDenied(error: unknown): error is CertkeepError {
  return error instanceof CertkeepError && errorName(error.cause) === 'AccessDeniedException';
}

/** The rights name ARNs with six random characters, which only an existing secret has, so IAM denies a missing one the same way. */
function maybeMissing(id: string, { name, message, cause }: CertkeepError): CertkeepError {
  return new CertkeepError(name, `secret ${id} does not exist, or may not be read: ${message}`, {
    cause,
  });
}
