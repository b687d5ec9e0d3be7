import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import { expect, test } from 'vitest';
import type { Config } from '#shared/config/config.ts';
import { deployedText } from '#shared/config/deployed.ts';
import { parsed } from '../support/config-yaml.ts';
import { configText, listenerArn } from '../support/fleet.ts';
import { assemblyOf, synthesize } from '../support/world-assembly.ts';

const { config } = parsed(
  configText(`
  shop:
    names: [example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('shop')}"}
      - {type: clb, loadBalancer: old, port: 8443}
`),
);

/** As it is in another world. */
function elsewhere({ issuers, ...rest }: Config): Config {
  const issuer = { ...issuers.local, directory: 'https://127.0.0.1:4711/directory' };
  return { ...rest, issuers: { local: issuer } } as Config;
}

/**
 * The summary for people in the metadata stays as it was synthesized; nothing that runs reads it. Two names are made from the configuration as it was when it was synthesized: the key of its object, and
 * the end of the logical id of the first check.
 */
function withoutNames({ stacks }: Assembly): unknown {
  const templates = JSON.stringify(
    stacks.map(({ template: { Metadata: _, ...template } }) => template),
  );
  const [, key = ''] = /"CERTKEEP_CONFIG_KEY":"([0-9a-f]{64}\.json)"/.exec(templates) ?? [];
  const [id = '', begin = ''] = /(CertkeepFirstCheck[0-9a-f]{8})[0-9A-F]{8}/.exec(templates) ?? [];
  expect([key, id]).not.toContain('');
  return JSON.parse(templates.replaceAll(key, 'the key').replaceAll(id, begin));
}

test('a template that is changed afterwards equals the one that the app would have written', () => {
  assemblyOf(config);
  const other = elsewhere(config);
  const assembly = assemblyOf(other);
  expect(withoutNames(assembly)).toEqual(withoutNames(synthesize(other).assembly));
  expect(withoutNames(assembly)).not.toEqual(withoutNames(assemblyOf(config)));
});

test('the object of the configuration is that of this world', () => {
  const other = elsewhere(config);
  const objects = assemblyOf(other).stacks.flatMap(({ assets }) =>
    assets.flatMap(({ read }) => (read ? [read().toString()] : [])),
  );
  expect(objects).toEqual([deployedText(other)]);
});
