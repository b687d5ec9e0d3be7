import { expect, test } from 'vitest';
import { functionRights } from '#infra/rights/rights.ts';
import {
  albYaml,
  certificatesYaml,
  configYaml,
  nlbYaml,
  parsed,
} from '#test/support/config-yaml.ts';

const surroundings = {
  keyArn: 'arn:aws:kms:us-east-1:123456789012:key/k',
  replicaKeyArn: (region: string) => `arn:aws:kms:${region}:123456789012:key/k`,
  configBucket: 'assets',
};
const prefix = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener';
const [app, net] = ['app', 'net'].map(
  (form) => `${prefix}/${form}/shop/50dc6c495c0c9188/f2f7dc8efc522ab2`,
);

/** What deploy may do at listeners, by statement. */
function rightsAt(...targets: readonly string[]) {
  const certificates = certificatesYaml({ shop: { targets: `[${targets.join(', ')}]` } });
  const { config } = parsed(configYaml({ certificates }));
  const statements = functionRights('deploy', config, surroundings);
  const about = statements.filter(({ sid }) =>
    /^(Bind|Mark)|^LookAt(Listeners|LoadBalancers|Tags)/.test(sid),
  );
  return Object.fromEntries(about.map(({ sid, resources }) => [sid, resources]));
}

const looks = { LookAtListeners: ['*'], LookAtLoadBalancers: ['*'], LookAtTags: ['*'] };

test('deploy may change the listener of the file, and mark listeners of its kind alone', () => {
  expect(rightsAt(nlbYaml('both'))).toEqual({
    ...looks,
    BindListeners: [net],
    MarkListeners: [`${prefix}/net/*`],
  });
  expect(rightsAt(albYaml('both'))).toEqual({
    ...looks,
    BindListeners: [app],
    MarkListeners: [`${prefix}/app/*`],
  });
});

test('both kinds together have each statement once', () => {
  expect(rightsAt(albYaml('sni'), nlbYaml('sni'))).toEqual({
    ...looks,
    BindListeners: [app, net],
    MarkListeners: [`${prefix}/app/*`, `${prefix}/net/*`],
  });
});
