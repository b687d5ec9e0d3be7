import type { Cloud } from './cloud.ts';

/** The key of a person with every right, for whatever the demonstration and the tests set up. */
export const operator = { accessKeyId: 'AKIALOCALOPERATOR', secretAccessKey: 'local' };

/** Options for an SDK client of the operator. */
export function operatorClient(cloud: Pick<Cloud, 'endpoint'>, region: string) {
  return { endpoint: cloud.endpoint, region, credentials: operator };
}
