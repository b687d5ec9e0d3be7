import { readFileSync } from 'node:fs';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checks } from '#cli/prepare/doctor/checks.ts';
import { examine } from '#cli/prepare/doctor/examine.ts';
import { exitCodeOf } from '#cli/prepare/doctor/page.ts';
import { type DoctorLab, doctorLab } from '#test/support/doctor-lab.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

type Statement = { readonly Action: readonly string[]; readonly Resource: string };

/** The policy below the heading of doctor. */
function documentedStatements(): readonly Statement[] {
  const page = readFileSync('docs/operate.md', 'utf8');
  const section = page.slice(page.indexOf('\n## Before you deploy'));
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec(section) ?? [];
  return JSON.parse(json).Statement;
}

let lab: DoctorLab;

beforeAll(async () => {
  lab = await doctorLab(
    `${configText(`
  shop:
    names: [shop.example.com, www.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}", certificate: sni}]
  legacy:
    names: [legacy.example.com]
    issuer: local
    key: rsa-2048
    targets: [{type: clb, loadBalancer: legacy}]
  stored:
    names: [stored.example.com]
    issuer: local
    targets: [{type: clb, loadBalancer: stored, store: iam}]
`).replace(
      '  - type: route53\n',
      `  - type: route53\n  - {type: alb-http01, listener: "${listenerArn('web', '8')}", selector: {dnsNames: [www.example.com]}}\n`,
    )}places: {"123456789012/us-east-1": {probe: {subnets: [subnet-0a1b2c3d], securityGroups: [sg-0a1b2c3d]}}}
`,
  );
  for (const region of ['us-east-1', 'eu-west-1']) {
    const ssm = new SSMClient(lab.operatorIn(region));
    const Name = '/cdk-bootstrap/hnb659fds/version';
    await ssm.send(new PutParameterCommand({ Name, Value: '33', Type: 'String' }));
  }
  const sns = new SNSClient(lab.operatorIn('us-east-1'));
  for (const Name of ['certkeep-alerts', 'certkeep-watch']) {
    await sns.send(new CreateTopicCommand({ Name }));
  }
  const secrets = new SecretsManagerClient(lab.operatorIn('us-east-1'));
  await secrets.send(
    new CreateSecretCommand({
      Name: 'ca/eab',
      SecretString: '{"kid":"k","hmacKey":"a2V5a2V5a2V5"}',
    }),
  );
});
afterAll(() => lab?.close());

async function seenWith(statements: readonly Statement[]) {
  const text = lab.configText.replace(
    'local:',
    'local:\n    externalAccountBinding: {secret: ca/eab}',
  );
  return examine(checks, await lab.subjectOf(text, lab.as(statements)));
}

test('the documented rights are those of the checks', () => {
  const documented = documentedStatements().flatMap(({ Action }) => Action);
  const needed = new Set(checks.flatMap(({ rights }) => rights));
  expect(documented.filter((action) => action !== 'sts:AssumeRole').toSorted()).toEqual(
    [...needed].toSorted(),
  );
});

test('with them everything is found out, and without one of them its check alone is not', async () => {
  const statements = documentedStatements();
  const all = (await seenWith(statements)).flatMap(({ findings }) => findings);
  expect(all.filter(({ mark }) => mark === 'not known')).toEqual([]);
  const lacking = statements.map((each) => ({
    ...each,
    Action: each.Action.filter((action) => action !== 'ssm:GetParameter'),
  }));
  const examined = await seenWith(lacking);
  const unknown = examined.filter(({ findings }) =>
    findings.some(({ mark }) => mark === 'not known'),
  );
  expect(unknown.map(({ title }) => title)).toEqual(['Bootstrap of CDK']);
});

test('without any right nothing is said to be wrong or well of AWS, and each line names the right', async () => {
  const examined = await seenWith([]);
  const known = new Set(checks.flatMap(({ rights }) => rights));
  for (const { findings, title } of examined) {
    const { rights = [] } = checks.find((check) => check.title === title) ?? {};
    const unknown = findings.filter(({ mark }) => mark === 'not known');
    if (rights.length === 0 || title === 'CAA') expect(unknown).toEqual([]);
    else {
      expect(unknown.length, title).toBeGreaterThan(0);
      for (const { text } of unknown) {
        const [, right = ''] = /you lack the right (\S+)$/.exec(text) ?? [];
        expect(known, text).toContain(right);
      }
    }
    expect(findings.filter(({ mark }) => mark === 'wrong')).toEqual([]);
  }
  expect(exitCodeOf(examined)).toBe(1);
});
