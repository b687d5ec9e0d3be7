import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nagReport } from './nag/report.ts';

/**
 * Writes what cdk-nag has to say of the stacks of a configuration: `npm run nag -- FILE CONFIG`, cdk-nag.json and
 * certkeep.example.yaml unless given. Fails where it finds what nobody has acknowledged.
 */
const [file = 'cdk-nag.json', config = 'certkeep.example.yaml'] = process.argv.slice(2);

const app = fileURLToPath(new URL('../infra/app.ts', import.meta.url));
const assembly = mkdtempSync(join(tmpdir(), 'certkeep-nag-'));
try {
  // As the command line of the CDK does it, which keeps no report that is empty.
  const env = {
    ...process.env,
    CDK_OUTDIR: assembly,
    CDK_CONTEXT_JSON: JSON.stringify({ config }),
  };
  execFileSync(process.execPath, [app], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const report = nagReport(assembly);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  console.log(`${file}: no finding, ${report.acknowledged.length} acknowledged`);
} finally {
  rmSync(assembly, { recursive: true });
}
