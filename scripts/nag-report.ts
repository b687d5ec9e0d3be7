import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nagReport } from './nag/report.ts';

/**
 * Writes cdk-nag's report on the stacks of a configuration: `npm run nag -- FILE CONFIG`, by default cdk-nag.json and
 * certkeep.example.yaml. Fails on a finding that nobody has acknowledged.
 */
const [file = 'cdk-nag.json', config = 'certkeep.example.yaml'] = process.argv.slice(2);

const app = fileURLToPath(new URL('../infra/app.ts', import.meta.url));
const assembly = mkdtempSync(join(tmpdir(), 'certkeep-nag-'));
try {
  // Set as by the CDK's command line, which keeps no empty report.
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
