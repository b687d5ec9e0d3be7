import { S3Client } from '@aws-sdk/client-s3';
import {
  answerChallenge,
  type BalancerRequest,
} from '#shared/acquire/solvers/alb-http01/answer-challenge.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { s3ObjectStore } from '#shared/aws/s3-object-store.ts';
import { readChallengeEnvironment } from '../environment.ts';
import type { Around, Run } from '../handler.ts';

/** Without the configuration and all that other functions begin with: strangers call it, and it may read one folder. */
export function composeChallenge(around: Around): Run<BalancerRequest> {
  const { AWS_REGION, CERTKEEP_ACCOUNT, CERTKEEP_BUCKET } = readChallengeEnvironment(
    around.variables,
  );
  const client = new S3Client(clientOptions({ ...around.clientSettings, region: AWS_REGION }));
  const objects = s3ObjectStore({
    client,
    bucket: CERTKEEP_BUCKET,
    owner: CERTKEEP_ACCOUNT,
    clock: around.clock,
  });
  return (request) => answerChallenge(objects, request);
}
