import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readEnvironment } from '#functions/environment.ts';
import { hourMs } from '#shared/time/clock.ts';

const healthy = {
  AWS_REGION: 'us-east-1',
  CERTKEEP_INSTALLATION: 'certkeep',
  CERTKEEP_ACCOUNT: '123456789012',
  CERTKEEP_BUCKET: 'certkeep-123456789012-us-east-1',
  CERTKEEP_CONFIG_BUCKET: 'cdk-hnb659fds-assets-123456789012-us-east-1',
  CERTKEEP_CONFIG_KEY: '0a.json',
  CERTKEEP_CONFIG_SHA256: '0a'.repeat(32),
  CERTKEEP_BUS: 'certkeep',
  CERTKEEP_ISSUE_QUEUE_URL: 'https://sqs.example/issue',
  CERTKEEP_DEPLOY_QUEUE_URL: 'https://sqs.example/deploy',
  CERTKEEP_VERIFY_QUEUE_URL: 'https://sqs.example/verify',
  CERTKEEP_ISSUE_FUNCTION: 'certkeep-issue',
  CERTKEEP_DEPLOY_FUNCTION: 'certkeep-deploy',
  CERTKEEP_VERIFY_FUNCTION: 'certkeep-verify',
  CERTKEEP_SYNC_FUNCTION: 'certkeep-sync',
  CERTKEEP_KEY_ID: 'alias/certkeep',
};

test('a role for other accounts, a topic and replicas are there only where they are needed', () => {
  expect(readEnvironment(healthy)).toMatchObject({
    CERTKEEP_PLACE_ROLE: '',
    CERTKEEP_TOPIC_ARN: '',
    CERTKEEP_REPLICA_BUCKETS: new Map(),
  });
});

test('a proof counts as long as the page on reliability says', () => {
  expect(readEnvironment(healthy).CERTKEEP_REPROBE_MS).toBe(6 * hourMs);
  expect(readFileSync('docs/reliability.md', 'utf8')).toMatch(
    /asks for three names in turn again about every six hours/,
  );
});

test.each(Object.keys(healthy))(
  'a function without %s does not start, and says what it lacks',
  (name) => {
    const others = Object.fromEntries(Object.entries(healthy).filter(([each]) => each !== name));
    expect(() => readEnvironment(others)).toThrow(new RegExp(`wrong:\n[^]*\\b${name}\\b`));
  },
);

// Parameter Store gives nobody a name that begins like these.
test.each(['aws-certs', 'ssm', 'Certkeep', '9lives', 'a/b', 'a'.repeat(25), 'x-accounts', ''])(
  '"%s" cannot be the name of an installation',
  (CERTKEEP_INSTALLATION) => {
    expect(() => readEnvironment({ ...healthy, CERTKEEP_INSTALLATION })).toThrow(
      'CERTKEEP_INSTALLATION',
    );
  },
);

test('everything that is missing or wrong is said at once, each with its reason', () => {
  const read = () =>
    readEnvironment({
      AWS_REGION: 'eu-west-1',
      CERTKEEP_CONFIG_SHA256: 'abc',
      CERTKEEP_POLL_MS: '-1',
      CERTKEEP_RETRY_DELAYS_MS: '1,soon',
    });
  expect(read).toThrow(/expected string, received undefined\n *→ at CERTKEEP_BUCKET/);
  expect(read).toThrow(/must match pattern .*\n *→ at CERTKEEP_CONFIG_SHA256/);
  expect(read).toThrow(/expected number to be >=0\n *→ at CERTKEEP_POLL_MS/);
  expect(read).toThrow(/must match pattern .*\n *→ at CERTKEEP_RETRY_DELAYS_MS/);
});
