import { once } from 'node:events';
import { operator } from 'local-cloud/operator.ts';
import { announceKeptCloud, forgetKeptCloud, type KeptCloud } from '#cli/reach/kept-cloud.ts';
import { partKey } from '#shared/ledger/parts/writers.ts';
import { startDeployServer } from './deploy-server.ts';
import type { Letter } from './output/inbox.ts';
import type { Setting } from './setting.ts';

/** ListCertificates shows only RSA keys of up to 2048 bits unless asked for every type (API_ListCertificates.html). */
const keyTypes = 'RSA_1024,RSA_2048,RSA_3072,RSA_4096,EC_prime256v1,EC_secp384r1,EC_secp521r1';

/** What the invitation names. */
export type Shown = {
  /** Of the first endpoint of the first certificate; null where it has none. */
  readonly port: number | null;
  /** The built-in fleet is played, which has certificates beside it that nobody renews. */
  readonly isFleet: boolean;
};

/** Leaves everything running, schedules included, until Ctrl-C, and explains how to look at it. */
export async function keepRunning(
  setting: Setting,
  letterText: (letters: readonly Letter[]) => string,
  shown: Shown = { port: null, isFleet: false },
): Promise<void> {
  setting.dispatcher.startSchedules();
  await whileKept(setting, async ({ interrupted, shell }) => {
    console.log(invitation(setting, shell, shown));
    const printing = setInterval(printNews(setting, letterText), newsEveryMs);
    await interrupted.finally(() => clearInterval(printing));
  });
}

/** What a person has beside a kept cloud. */
export type Beside = {
  /** Resolves at Ctrl-C. */
  readonly interrupted: Promise<void>;
  /** Lines that prepare a shell for this cloud. */
  readonly shell: readonly string[];
};

/** Lets the command find the cloud meanwhile, and `npx cdk deploy` deploy to it. */
export async function whileKept<Result>(
  setting: Setting,
  act: (beside: Beside) => Promise<Result>,
): Promise<Result> {
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const kept = keptCloudOf(setting);
  const deploying = await startDeployServer(setting);
  announceKeptCloud(kept);
  try {
    return await act({
      interrupted: interrupted.then(() => undefined),
      shell: shellLines(setting, deploying.url),
    });
  } finally {
    forgetKeptCloud(kept);
    await deploying.close();
  }
}

function keptCloudOf({ cloud, config, configFile }: Setting): KeptCloud {
  const { account, region } = config.home;
  const { installation } = config;
  // The SDK adds to what it has been given where they come from.
  const { accessKeyId, secretAccessKey } = operator;
  const credentials = { accessKeyId, secretAccessKey };
  return {
    endpoint: cloud.endpoint,
    region,
    account,
    installation,
    credentials,
    config: configFile,
    resolver: cloud.dns.address,
  };
}

const newsEveryMs = 500;

/** Prints each new message that people get. */
function printNews(setting: Setting, letterText: Parameters<typeof keepRunning>[1]): () => void {
  const news = newsOf(setting);
  return () => {
    const text = letterText(news());
    if (text !== '') console.log(text);
  };
}

/** Returns the messages since the last call. */
export function newsOf({ cloud }: Setting): () => readonly Letter[] {
  let seen = cloud.sns.published().length;
  return () => {
    const messages = cloud.sns.published().slice(seen);
    seen += messages.length;
    return messages;
  };
}

/**
 * Command lines that work in versions 1 and 2 of the aws command line: only a file's bytes (`fileb://`) mean the same
 * payload to both.
 */
function invitation(
  { config, names }: Setting,
  shell: Beside['shell'],
  { isFleet, port }: Shown,
): string {
  const [first] = config.certificates;
  const id = first?.id ?? '';
  const name = first?.names.find((each) => !each.startsWith('*.')) ?? '';
  return `
The cloud keeps running until Ctrl-C; check and verify run every ten minutes.
In another shell, to see how all is:

  npx certkeep status --local
  npx certkeep show ${id} --local
  npx certkeep doctor --local
${isFleet ? takingOver : ''}${port === null || name === '' ? '' : asking(name, port)}
To look around:

${shell.join('\n')}

  aws acm list-certificates --includes keyTypes=${keyTypes}
  aws s3 cp s3://${names.bucket}/${partKey('issue', id)} -
  aws sqs list-queues
  aws cloudwatch describe-alarms --query 'MetricAlarms[].[AlarmName,StateValue,StateReason]'
  aws logs filter-log-events --log-group-name /aws/lambda/${names.functionName('issue')} --query 'events[].message'
  echo '{"certificates":["${id}"],"reason":"I asked for it"}' |
    aws lambda invoke --function-name ${names.functionName('check')}:force --payload fileb:///dev/stdin answer.json > /dev/null; cat answer.json
`;
}

const takingOver = `
To take over a certificate that somebody imported by hand:

  npx certkeep init --local
`;

const asking = (name: string, port: number) => `
To ask an endpoint what it serves:

  openssl s_client -connect 127.0.0.1:${port} -servername ${name} \\
    </dev/null 2>/dev/null | openssl x509 -noout -subject -serial -enddate
`;

function shellLines({ cloud, config, configFile }: Setting, deployUrl: string): readonly string[] {
  const { endpoint } = cloud;
  return [
    `export AWS_ENDPOINT_URL=${endpoint}`,
    `export AWS_ACCESS_KEY_ID=${operator.accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY=${operator.secretAccessKey}`,
    `export AWS_DEFAULT_REGION=${config.home.region}`,
    `alias aws='aws --endpoint-url ${endpoint}'    # without this, 1.x sends requests for SQS elsewhere, and 2.x before 2.13 all requests`,
    `npx() { if [ "$1" = cdk ]; then curl -sS --fail-with-body -X POST ${deployUrl}; else command npx "$@"; fi; }    # npx cdk deploy --all deploys ${configFile}`,
  ].map((line) => `  ${line}`);
}
