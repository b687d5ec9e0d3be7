import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { realParts } from 'local-cloud/kit/real-parts.ts';
import { expect, test } from 'vitest';
import { synthesized } from '#test/support/synth.ts';

const files = ['certkeep.example.yaml', 'examples/three-regions.yaml', 'examples/everything.yaml'];

test.skipIf(!realParts.cfnLint).each(files)(
  'cfn-lint finds no error in the templates of %s',
  async (file) => {
    const { directory } = synthesized(readFileSync(file, 'utf8'));
    const templates = readdirSync(directory).filter((name) => name.endsWith('.template.json'));
    expect(templates.length).toBeGreaterThan(1);
    const found = await errorsIn(templates.map((name) => join(directory, name)));
    expect(found).toEqual('');
  },
);

/** Errors only: of warnings it has one for a dependency that the CDK writes twice. */
function errorsIn(templates: readonly string[]): Promise<string> {
  const args = ['--format', 'parseable', '--ignore-checks', 'W,I', '--', ...templates];
  return new Promise((resolve) => {
    execFile(realParts.cfnLint ?? '', args, (error, stdout, stderr) =>
      resolve(error ? `${stdout}${stderr}` || error.message : stdout),
    );
  });
}
