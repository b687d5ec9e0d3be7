import { expect, test } from 'vitest';
import { readEnvironment } from '#functions/environment.ts';

const healthy = {
  AWS_REGION: 'us-east-1',
  CERTKEEP_INSTALLATION: 'certkeep',
  CERTKEEP_BUCKET: 'certkeep-123456789012-us-east-1',
  CERTKEEP_CONFIG_BUCKET: 'cdk-hnb659fds-assets-123456789012-us-east-1',
  CERTKEEP_CONFIG_KEY: '0a.json',
  CERTKEEP_CONFIG_SHA256: '0a'.repeat(32),
  CERTKEEP_BUS: 'certkeep',
  CERTKEEP_ISSUE_QUEUE_URL: 'https://sqs.example/issue',
  CERTKEEP_DEPLOY_QUEUE_URL: 'https://sqs.example/deploy',
  CERTKEEP_VERIFY_QUEUE_URL: 'https://sqs.example/verify',
  CERTKEEP_KEY_ID: 'alias/certkeep',
};

test('a role for other accounts, a topic and replicas are there only where they are needed', () => {
  expect(readEnvironment(healthy)).toMatchObject({
    CERTKEEP_PLACE_ROLE: '',
    CERTKEEP_TOPIC_ARN: '',
    CERTKEEP_REPLICA_BUCKETS: new Map(),
  });
});

test.each(Object.keys(healthy))(
  'a function without %s does not start, and says what it lacks',
  (name) => {
    const others = Object.fromEntries(Object.entries(healthy).filter(([each]) => each !== name));
    expect(() => readEnvironment(others)).toThrow(new RegExp(`wrong:\n[^]*\\b${name}\\b`));
  },
);

// Parameter Store gives nobody a name that begins like these.
test.each(['aws-certs', 'ssm', 'Certkeep', '9lives', 'a/b', 'a'.repeat(25), ''])(
  '"%s" cannot be the name of an installation',
  (CERTKEEP_INSTALLATION) => {
    expect(() => readEnvironment({ ...healthy, CERTKEEP_INSTALLATION })).toThrow(
      'CERTKEEP_INSTALLATION',
    );
  },
);
