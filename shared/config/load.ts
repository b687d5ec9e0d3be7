import { createHash } from 'node:crypto';
import type { ObjectStore } from '#shared/aws/object-store.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Config } from './config.ts';
import { parseConfig } from './parse.ts';
import { renderProblems } from './render.ts';

/**
 * Reads the deployed configuration. It is believed only if its SHA-256 (lower-case hex) is the one that
 * the deployment put into the function's environment.
 * @throws CertkeepError ConfigurationChanged, ConfigurationInvalid
 */
export async function loadConfig(
  objects: Pick<ObjectStore, 'get'>,
  source: { readonly key: string; readonly sha256: string },
): Promise<Config> {
  const found = await objects.get(source.key);
  if (!found) throw new CertkeepError('ConfigurationChanged', `${source.key} is missing`);
  const digest = createHash('sha256').update(found.body).digest('hex');
  if (digest !== source.sha256) {
    throw new CertkeepError(
      'ConfigurationChanged',
      `${source.key} has SHA-256 ${digest}, deployed was ${source.sha256}`,
    );
  }
  const parsed = parseConfig(Buffer.from(found.body).toString('utf8'), source.key);
  if (parsed.ok) return parsed.config;
  throw new CertkeepError('ConfigurationInvalid', renderProblems(parsed.problems, source.key));
}
