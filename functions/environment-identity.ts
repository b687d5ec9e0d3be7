import type { Identity } from '#shared/aws/clients.ts';

/**
 * Reads the credentials of the function's role, which Lambda sets for the life of the process.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html This spares every function the other links of the
 * SDK's chain: SSO, files, instances.
 * @throws Error that names what is missing
 */
export function environmentIdentity(
  variables: Readonly<Record<string, string | undefined>>,
): Identity {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new Error('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not in the environment');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}
