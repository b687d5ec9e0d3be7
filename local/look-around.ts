import { once } from 'node:events';
import { operator } from './installation.ts';
import type { Stage } from './stage.ts';

/** Leaves everything running, schedules included, until Ctrl-C, and says how to look at it. */
export async function lookAround({ cloud, config, dispatcher }: Stage): Promise<void> {
  dispatcher.startSchedules();
  const { endpoint } = cloud;
  console.log(`
The cloud keeps running until Ctrl-C; check and verify run every ten minutes. To look around:

  export AWS_ENDPOINT_URL=${endpoint}
  export AWS_ACCESS_KEY_ID=${operator.accessKeyId}
  export AWS_SECRET_ACCESS_KEY=${operator.secretAccessKey}
  export AWS_DEFAULT_REGION=${config.home.region}
  alias aws='aws --endpoint-url ${endpoint}'    # for a command line older than that variable

  aws acm list-certificates --includes keyTypes=RSA_2048,EC_prime256v1
  aws lambda invoke --function-name certkeep-check --cli-binary-format raw-in-base64-out \\
    --payload '{"certificates":["${config.certificates[0]?.id}"],"force":true,"reason":"I asked for it"}' /dev/stdout
`);
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
