import { fileURLToPath } from 'node:url';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadBalancerOf } from '#shared/targets/elbv2/load-balancer.ts';
import {
  type Block,
  blocksOf,
  commandsIn,
  isTyped,
  pages,
  statementsOf,
} from '#test/support/documents/blocks.ts';
import { trials } from '#test/support/documents/commands.ts';
import { type Person, personBesideTheFleet } from './person.ts';
import { questions } from './questions.ts';

const longestMs = 180_000;
const cli = fileURLToPath(new URL('../../../cli/certkeep.ts', import.meta.url));

const seen = new Set<string>();

/** What is played of a block: statements that were not played before, and the variables that they need. */
function scriptOf(block: Block): string {
  const statements = statementsOf(block).filter((statement) =>
    commandsIn(statement).every((command) => trials[command] === 'played'),
  );
  const fresh = statements.filter((statement) => setsVariable(statement) || !seen.has(statement));
  const isIdle = fresh.every((statement) => commandsIn(statement).length === 0);
  for (const statement of fresh) seen.add(statement);
  return isIdle ? '' : fresh.join('\n');
}

const setsVariable = (statement: string) => /^[A-Z_]+=/.test(statement);

const blocks = pages
  .flatMap(blocksOf)
  .filter(isTyped)
  .map((block) => ({ at: `${block.page}:${block.line}`, script: scriptOf(block) }))
  .filter(({ script }) => script !== '');

/** What the runbook has people run first. */
const [preparation] = blocksOf('docs/runbook.md').filter(({ lines }) =>
  lines.some((line) => line.includes('BUCKET=')),
);

describe.skipIf(realParts.aws === null)('the commands of the pages, as they stand there', () => {
  let person: Person;
  let variables: string;
  beforeAll(async () => {
    person = await personBesideTheFleet();
    variables = await prepared(person);
  }, 2 * longestMs);
  afterAll(() => person.leave());

  test.each(blocks)('$at', { timeout: longestMs }, async ({ script }) => {
    const printed = await person.type([variables, ...sparesFor(script), script].join('\n'));
    expect(printed).not.toMatch(/"(?:errorType|refused)":/);
  });
});

/** A certificate in ACM for what removes or binds one, which the load balancer knows some seconds later. */
function sparesFor(script: string): readonly string[] {
  if (!/\$(?:ARN|OTHER|UNUSED)\b|delete-certificate/.test(script)) return [];
  if (/^ARN=/m.test(script)) return [];
  const at = '--listener-arn $LISTENER --certificates CertificateArn=$ARN';
  const add = `until aws elbv2 add-listener-certificates ${at} 2> /dev/null; do sleep 1; done`;
  const remove = `aws elbv2 remove-listener-certificates ${at}`;
  return [
    'ARN=$(aws acm import-certificate --certificate fileb://certificate.pem --private-key fileb://key.pem --certificate-chain fileb://chain.pem --query CertificateArn --output text)',
    'OTHER=$ARN UNUSED=$ARN OLD=$ARN',
    ...(/(?:remove-listener-certificates|modify-listener) /.test(script) ? [add] : []),
    ...(script.includes('modify-listener') ? [remove] : []),
  ];
}

/** What a person takes from the message, or has in a file. */
async function prepared({ type, file, read }: Person): Promise<string> {
  const ask = questions({ type, read });
  const spare = await makeCertificate({ names: ['spare.example.com'], now: new Date() });
  await file('certificate.pem', spare.certificatePem);
  await file('key.pem', spare.keyPem);
  await file('chain.pem', spare.chainPem);
  await file('binding.json', '{"kid":"kid","hmacKey":"aG1hYw"}');
  await file('credentials.json', '{"apiToken":"token"}');
  await file('address.txt', 'https://heartbeat.example.com/1');
  const secrets = [
    'ops/heartbeat',
    'ca/google-eab',
    'certkeep-accounts/spare',
    'certkeep-accounts/NAME',
  ];
  for (const name of secrets) {
    await type(
      `aws secretsmanager create-secret --name ${name} --secret-string file://address.txt`,
    );
  }
  const listener = await ask.listenerArn('shop-alb');
  const [served = ''] = await ask.listenerCertificates('shop-alb');
  const secret = await read<{ VersionIdsToStages: object }>(
    'aws secretsmanager describe-secret --secret-id certkeep/shop',
  );
  const [version] = Object.keys(secret.VersionIdsToStages);
  await type(
    `aws secretsmanager update-secret-version-stage --secret-id certkeep/shop --version-stage spare --move-to-version-id ${version}`,
  );
  const names = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'ACCOUNT', 'BUCKET', 'TOPIC', 'SINCE'];
  const lines = preparation?.lines.map((line) => line.trim()) ?? [];
  return [
    // 1 says that somebody is needed, and these commands look at what was hurt.
    `npx() { shift; ${process.execPath} ${cli} "$@" || [ $? -eq 1 ]; }`,
    `export ${(await type([...lines, ...names.map((name) => `echo ${name}=$${name}`)].join('\n'))).trim().replaceAll('\n', ' ')}`,
    'REGION=us-east-1 NAME=ca/google-eab ACCOUNT_SECRET=certkeep-accounts/spare',
    `LISTENER=${listener} LOAD_BALANCER=${loadBalancerOf(listener)}`,
    `FORMER=${served} OLD=${served} LABEL=spare HELD_BY=${version}`,
  ].join('\n');
}
