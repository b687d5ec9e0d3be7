import { deepEqual, equal } from 'node:assert/strict';
import { execFileSync, type StdioOptions, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { version } from '#shared/http/user-agent.ts';

/**
 * Packs certkeep, installs it into a CDK app of somebody else (examples/own-app) with nothing besides but the CDK, and
 * synthesizes there what the same app synthesizes here from the sources, to the byte.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'certkeep-package-'));
const theirs = join(place, 'app');
try {
  install(packed());
  equal(run(theirs, ['npx', '--no-install', 'certkeep', '--version']).trim(), version);
  checkCommand();

  const fromPackage = synthesized(theirs, 'app.ts');
  const fromSources = synthesized(root, '--conditions=certkeep-sources', 'examples/own-app/app.ts');
  deepEqual([...fromPackage.keys()], [...fromSources.keys()]);
  for (const [name, template] of fromSources) equal(fromPackage.get(name), template, name);

  checkTypes();
  console.log(
    `certkeep ${version} synthesizes ${[...fromPackage.keys()].join(', ')} as a package.`,
  );
} finally {
  rmSync(place, { recursive: true });
}

/** Builds and packs, and returns the archive. */
function packed(): string {
  run(root, ['npm', 'pack', '--silent', '--pack-destination', place]);
  const [archive = ''] = readdirSync(place).filter((name) => name.endsWith('.tgz'));
  return join(place, archive);
}

function install(archive: string): void {
  mkdirSync(theirs);
  cpSync(join(root, 'examples/own-app/app.ts'), join(theirs, 'app.ts'));
  cpSync(join(root, 'certkeep.example.yaml'), join(theirs, 'certkeep.example.yaml'));
  run(theirs, ['npm', 'init', '--yes', '--init-type=module']);
  // Templates can be compared only where the same CDK has made both.
  const cdk = Object.entries(manifest().devDependencies)
    .filter(([name]) => Object.hasOwn(manifest().peerDependencies, name))
    .map((each) => each.join('@'));
  run(theirs, ['npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', archive, ...cdk]);
}

function manifest(): Record<'devDependencies' | 'peerDependencies', Record<string, string>> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
}

/** Runs an app as `cdk synth` does, and returns its templates by their file names. */
function synthesized(directory: string, ...app: readonly string[]): ReadonlyMap<string, string> {
  const outdir = mkdtempSync(join(place, 'cdk.out-'));
  run(directory, [process.execPath, ...app], { CDK_OUTDIR: outdir });
  const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
  return new Map(templates.map((name) => [name, readFileSync(join(outdir, name), 'utf8')]));
}

/** The command loads all that it reads with, and finds no local cloud to read from. */
function checkCommand(): void {
  const env = { ...process.env, TMPDIR: place };
  const args = ['--no-install', 'certkeep', 'status', '--local'];
  const { status, stderr } = spawnSync('npx', args, { cwd: theirs, env, encoding: 'utf8' });
  equal(stderr, 'certkeep: no local cloud is kept running here\nNext: npm start -- --keep\n');
  equal(status, 2);
}

/** What the package declares is checked with all that it declares it by, since others may have no `skipLibCheck`. */
function checkTypes(): void {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024'];
  const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
  run(theirs, [process.execPath, tsc, ...options, ...types, 'app.ts']);
}

function run(
  cwd: string,
  [program = '', ...args]: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): string {
  const env = { ...process.env, ...environment };
  const stdio: StdioOptions = ['ignore', 'pipe', 'inherit'];
  return execFileSync(program, args, { cwd, env, stdio, encoding: 'utf8' });
}
