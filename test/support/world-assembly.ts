import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Assembly, readAssembly, type StackArtifact } from 'local-cloud/deploy/assembly.ts';
import type { FileAsset } from 'local-cloud/deploy/assets.ts';
import { readTemplate } from 'local-cloud/deploy/template.ts';
import { addStacks } from '#infra/stacks.ts';
import type { Config } from '#shared/config/config.ts';
import { deployedText } from '#shared/config/deployed.ts';
import { type BundleName, bundleNames } from '#shared/installation.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { keptDirectory } from './kept-directory.ts';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

type Synthesized = {
  readonly assembly: Assembly;
  /** By the stack's id. */
  readonly templates: ReadonlyMap<string, string>;
  readonly configText: string;
};

const synthesized = new Map<string, Synthesized>();

/**
 * The stacks of a configuration, as the app synthesizes them but without the functions' code. What differs
 * from world to world is put in afterwards, so that the worlds of one fleet are synthesized once in a process.
 */
export function assemblyOf(config: Config): Assembly {
  const common = withoutChance(config);
  const key = deployedText(common);
  const known = synthesized.get(key) ?? synthesize(common, key);
  synthesized.set(key, known);
  const configText = deployedText(config);
  const [digest, other] = [digestOf(known.configText), digestOf(configText)];
  const accounts = accountNames(common, config);
  // The first check's logical id begins with the digest.
  return {
    stacks: known.assembly.stacks.map((stack) => {
      const text = accounts.reduce(
        (written, [here, there]) => written.replaceAll(here, there),
        (known.templates.get(stack.id) ?? '')
          .replaceAll(digest, other)
          .replaceAll(digest.slice(0, 8), other.slice(0, 8)),
      );
      const template = readTemplate(stack.id, JSON.parse(text));
      return { ...stack, template, assets: assetsOf(stack, configText) };
    }),
  };
}

/** The stacks themselves, every time anew. */
export function synthesize(config: Config, configText = deployedText(config)): Synthesized {
  const directory = mkdtempSync(join(tmpdir(), 'certkeep-world-'));
  try {
    const app = new App({
      context,
      outdir: join(directory, 'cdk.out'),
      analyticsReporting: false,
      // test/installed/infra holds the templates to it; it costs more than all the rest.
      builtinCloudFormationValidation: false,
      treeMetadata: false,
    });
    addStacks(app, { config, code: emptyCode() });
    const assembly = readAssembly(app.synth().directory);
    const templates = new Map(
      assembly.stacks.map(({ id, template }) => [id, JSON.stringify(template)]),
    );
    return { assembly, templates, configText };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The object of the configuration; code is looked for where it lay before it was synthesized. */
function assetsOf({ assets }: StackArtifact, configText: string): readonly FileAsset[] {
  return assets.flatMap((asset): FileAsset[] => {
    if (!asset.read) return [{ ...asset, path: codeDirectory() }];
    // The template itself is an asset, too, which nobody here reads.
    if (asset.path.endsWith('.template.json')) return [];
    return [{ ...asset, read: () => Buffer.from(configText) }];
  });
}

let code: string | undefined;

/** An `index.mjs` that nobody runs: the functions of a world run in its own process. */
function codeDirectory(): string {
  if (code) return code;
  const made = mkdtempSync(join(keptDirectory(), 'no-code-'));
  code = made;
  writeFileSync(join(made, 'index.mjs'), 'export const handler = null;\n');
  return made;
}

function emptyCode(): ReadonlyMap<BundleName, string> {
  return new Map(bundleNames.map((name) => [name, codeDirectory()]));
}

/** What the secrets of the accounts are called in one configuration and in the other, which differ in their CAs. */
function accountNames(one: Config, other: Config): readonly (readonly [string, string])[] {
  return Object.entries(one.issuers).flatMap(([name, issuer]) => {
    const there = other.issuers[name];
    return there ? [[accountKeyName(issuer), accountKeyName(there)] as const] : [];
  });
}

/** The same configuration in every world: ports and the CA are chance, and nothing but the digest tells them. */
function withoutChance(config: Config): Config {
  const issuers = Object.entries(config.issuers).map(([name, issuer]) => [
    name,
    { ...issuer, directory: `https://${name}.ca.example/directory`, caBundle: '' },
  ]);
  const certificates = config.certificates.map((certificate) => ({
    ...certificate,
    targets: certificate.targets.map((target) =>
      target.type === 'clb' ? { ...target, port: 443 } : target,
    ),
  }));
  return { ...config, issuers: Object.fromEntries(issuers), certificates };
}
