import { readFile, writeFile } from 'node:fs/promises';
import { configJsonSchema } from '#shared/config-file/json-schema.ts';
import { configurationPage } from './docs/configuration-page.ts';
import { withDiagrams } from './docs/diagrams.ts';
import { failoverPage } from './docs/failover-page.ts';
import { jsonText } from './docs/json-text.ts';
import { statusJsonSchema } from './docs/status-json-schema.ts';
import { supportPage } from './docs/support-page.ts';
import { targetsPage } from './docs/targets-page.ts';

/** Writes the pages that derive from the schema and the specs; `--check` only reports stale ones. */
const pages: Readonly<Record<string, string>> = {
  'docs/architecture.md': withDiagrams('docs/architecture.md', [
    ['ATTEMPT', 'shared/acquire/attempt.ts'],
    ['IMPORT', 'shared/deploy/acm-import.ts'],
    ['DEPLOYMENT', 'shared/deploy/deployment.ts'],
  ]),
  'docs/configuration.md': `${configurationPage()}\n`,
  'docs/failover.md': `${failoverPage()}\n`,
  'docs/targets.md': `${targetsPage()}\n`,
  'docs/support.md': `${supportPage()}\n`,
  'docs/status.schema.json': `${jsonText(statusJsonSchema())}\n`,
  'docs/certkeep.schema.json': `${jsonText(configJsonSchema())}\n`,
};

const onlyCheck = process.argv.includes('--check');
for (const [path, text] of Object.entries(pages)) {
  const file = new URL(`../${path}`, import.meta.url);
  if (!onlyCheck) {
    await writeFile(file, text);
  } else if ((await readIfThere(file)) !== text) {
    console.error(`${path} is stale: run "node scripts/generate-docs.ts"`);
    process.exitCode = 1;
  }
}

async function readIfThere(file: URL): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
