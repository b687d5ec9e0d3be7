import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import {
  answerChallenge,
  type BalancerRequest,
} from '#shared/solvers/alb-http01/answering/answer-challenge.ts';
import { thumbprintReader } from '#shared/solvers/alb-http01/answering/thumbprint-client.ts';
import { keptThumbprints } from '#shared/solvers/alb-http01/answering/thumbprints.ts';
import { readChallengeEnvironment } from './environment.ts';
import { balancerRequest } from './events.ts';
import { type Around, plainHandler, type Run } from './handler.ts';

/** Has neither the configuration nor the foundation of other functions: strangers call it, and it may read one folder. */
export function composeChallenge({
  clientSettings,
  clock,
  variables,
}: Around): Run<BalancerRequest> {
  const { AWS_REGION, CERTKEEP_ACCOUNT, CERTKEEP_ACCOUNT_SECRETS, CERTKEEP_BUCKET } =
    readChallengeEnvironment(variables);
  const options = clientOptions({ ...clientSettings, region: AWS_REGION });
  const objects = s3ObjectStore({
    client: new S3Client(options),
    bucket: CERTKEEP_BUCKET,
    owner: CERTKEEP_ACCOUNT,
    clock,
  });
  const thumbprintOf = thumbprintReader(new SecretsManagerClient(options));
  const thumbprints = keptThumbprints(clock, CERTKEEP_ACCOUNT_SECRETS, thumbprintOf);
  return (request) => answerChallenge({ objects, thumbprints }, request);
}

export const handler = plainHandler('challenge', balancerRequest, composeChallenge);
