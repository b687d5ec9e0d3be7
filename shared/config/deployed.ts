import { createHash } from 'node:crypto';
import { CertkeepError } from '#shared/errors.ts';
import { mostBytes, type ObjectStore, textOf } from '#shared/object-store.ts';
import type { Config } from './config.ts';

/** Raise this whenever `Config` changes so that functions before and after must not read each other's. */
const format = 6;

/**
 * The checked configuration as the functions get it, which then need neither YAML nor the checks. It does not depend on the
 * order of keys in the file.
 */
export function deployedText(config: Config): string {
  return `${JSON.stringify({ format, config }, withSortedKeys)}\n`;
}

/**
 * Reads the deployed configuration. It is valid only if its SHA-256 (lower-case hex) equals the one that the deployment put
 * into the function's environment: then it was checked there, and is not checked again.
 * @throws CertkeepError ConfigurationChanged, ConfigurationInvalid
 */
export async function loadConfig(
  objects: Pick<ObjectStore, 'get'>,
  source: { readonly key: string; readonly sha256: string },
): Promise<Config> {
  const found = await objects.get(source.key, mostBytes.config);
  if (!found) throw new CertkeepError('ConfigurationChanged', `${source.key} is missing`);
  const digest = createHash('sha256').update(found.body).digest('hex');
  if (digest !== source.sha256) {
    throw new CertkeepError(
      'ConfigurationChanged',
      `${source.key} has SHA-256 ${digest}, deployed was ${source.sha256}`,
    );
  }
  return configIn(textOf(found.body), source.key);
}

function configIn(text: string, key: string): Config {
  const deployed = json(text, key) as { format?: unknown; config: Config } | null;
  // A deployment updates code and environment one after the other, so for a moment new code may meet the old configuration,
  // or the reverse.
  if (deployed?.format === format) return deployed.config;
  throw new CertkeepError(
    'ConfigurationInvalid',
    `${key} has format ${deployed?.format}; this version of certkeep reads ${format}`,
  );
}

function json(text: string, key: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CertkeepError('ConfigurationInvalid', `${key} is not JSON`, { cause: error });
  }
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
