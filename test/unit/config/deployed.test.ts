import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { deployedText, loadConfig } from '#shared/config/deployed.ts';
import { albYaml, certificatesYaml, configYaml, parsed } from '#test/support/config-yaml.ts';

const healthy = configYaml({
  certificates: certificatesYaml({
    shop: { names: '["*.example.com", example.com]', targets: `[${albYaml('sni')}]` },
    mail: { more: 'renewBeforeDays: 20' },
  }),
});

/** Reads `text` as if it were deployed, by its own digest unless another is given. */
function load(text: string | null, sha256 = digestOf(text ?? '')) {
  const objects = {
    get: async () => (text === null ? null : { body: Buffer.from(text), etag: '"1"' }),
  };
  return loadConfig(objects, { key: 'abc.json', sha256 });
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

test('the deployed configuration is read back as it was checked', async () => {
  const { config } = parsed(healthy);
  expect(await load(deployedText(config))).toEqual(config);
});

test('the text is the same for the same configuration, in whatever order its parts are written', () => {
  const issuer =
    'type: acme, directory: https://ca.example.com/directory, termsOfServiceAgreed: true';
  const withIssuers = (...names: string[]) =>
    configYaml({ issuers: `issuers: {${names.map((name) => `${name}: {${issuer}}`)}}` });
  const text = deployedText(parsed(withIssuers('letsencrypt', 'backup')).config);
  expect(deployedText(parsed(withIssuers('backup', 'letsencrypt')).config)).toBe(text);
  expect(text).toMatch(/^\{.*\}\n$/);
});

test('it is another text for another configuration', () => {
  const other = configYaml({ replicas: 'replicas: [eu-central-1]' });
  expect(deployedText(parsed(other).config)).not.toBe(deployedText(parsed(configYaml()).config));
});

test('a copy that somebody edited is not believed', async () => {
  const text = deployedText(parsed(healthy).config);
  const edited = text.replace('"new-arn"', '"in-place"');
  expect(edited).not.toBe(text);
  await expect(load(edited, digestOf(text))).rejects.toMatchObject({
    name: 'ConfigurationChanged',
    message: `abc.json has SHA-256 ${digestOf(edited)}, deployed was ${digestOf(text)}`,
  });
});

test('a missing copy is said to be missing', async () => {
  await expect(load(null)).rejects.toMatchObject({
    name: 'ConfigurationChanged',
    message: 'abc.json is missing',
  });
});

test.each([
  ['YAML', healthy, 'abc.json is not JSON'],
  ['of another version', '{"format":0,"config":{}}', /has format 0; this version .* reads \d+$/],
  ['of no version', '{"home":{}}', /has format undefined; this version .* reads \d+$/],
  ['null', 'null', /has format undefined; this version .* reads \d+$/],
])('a text that is %s is refused although its digest is right', async (_, text, message) => {
  await expect(load(text)).rejects.toMatchObject({
    name: 'ConfigurationInvalid',
    message: expect.stringMatching(message),
  });
});
