import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentsOf, neededBootstrapVersion } from '#shared/config/accounts.ts';
import { albYaml, certificatesYaml, configYaml } from '#test/support/config-yaml.ts';
import { listenerArn } from '#test/support/fleet.ts';
import { configOf, synthesized } from '#test/support/synth.ts';

const there = listenerArn('far', '1', { region: 'eu-central-1', account: '210987654321' });
const watched = listenerArn('near', '1', { region: 'ap-south-1', account: '123456789012' });
const text = configYaml({
  certificates: certificatesYaml({
    shop: { targets: `[${albYaml('sni', there)}, ${albYaml('sni', watched)}]` },
  }),
});

type Manifest = {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly properties?: { readonly requiresBootstrapStackVersion?: number };
      }
    >
  >;
};

const { directory } = synthesized(text);
const manifest: Manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'));
const stacks = Object.values(manifest.artifacts).filter(
  ({ type }) => type === 'aws:cloudformation:stack',
);

test('the environments of a configuration are those that its stacks are deployed into', () => {
  const deployed = stacks.map(({ environment }) => environment);
  const said = environmentsOf(configOf(text)).map(
    ({ account, region }) => `aws://${account}/${region}`,
  );
  expect(said.toSorted()).toEqual([...new Set(deployed)].toSorted());
  expect(said).toHaveLength(4);
});

test('the version of the bootstrap stack that they need is the one that CDK asks for', () => {
  const needed = stacks.map(({ properties }) => properties?.requiresBootstrapStackVersion);
  expect(new Set(needed)).toEqual(new Set([neededBootstrapVersion]));
});
