import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunctions } from '#infra/bundle.ts';

/**
 * Makes dist/, which `npm pack` puts into the package that others install: the construct as JavaScript with its types, the
 * command, and the functions as they are deployed. Node runs no TypeScript below node_modules.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '--project', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
});

// Gives the built files a scope of their own, in which the names that they import by (#shared/…) lead to built files.
const imports = { '#shared/*.ts': './shared/*.js', '#infra/*.ts': './infra/*.js' };
const scope = { type: 'module', imports };
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(scope, null, 2)}\n`);

bundleFunctions({ directory: join(dist, 'bundles') });
