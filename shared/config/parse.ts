import type * as z from 'zod';
import { checks } from './checks/checks.ts';
import { warnings } from './checks/warnings.ts';
import type { Config } from './config.ts';
import { draftOf } from './draft.ts';
import { findingsOf } from './issues.ts';
import { registeredDomain } from './names.ts';
import {
  type ConfigProblem,
  type Finding,
  pathText,
  printable,
  printableValue,
} from './problem.ts';
import { documentSchema } from './schema.ts';
import { valueAt } from './schema-at.ts';
import { readYaml, type YamlFile } from './yaml.ts';

export type ConfigReading =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the whole configuration and reports everything that is wrong with it at once. Never throws. */
export function parseConfig(text: string, source = 'certkeep.yaml'): ConfigReading {
  const { file, problems: unreadable } = readYaml(text, source);
  if (file === null) return { ok: false, problems: unreadable };
  // Words of our own for every issue, except where a schema brings its message.
  const result = documentSchema.safeParse(file.value, { error: () => '' });
  const draft = draftOf(file.value);
  const located = (finding: Finding) => locate(finding, file);
  const told = new Set(unreadable.map(({ path }) => path));
  const problems = [
    ...unreadable,
    ...(result.error?.issues ?? []).flatMap((issue) =>
      findingsOf(issue, documentSchema, file.value, file.source)
        .map(located)
        // What could not be read looks empty to the schema.
        .filter(({ path }) => !told.has(path)),
    ),
    ...checks.flatMap((check) => check(draft)).map(located),
  ];
  if (problems.length > 0 || !result.success) {
    return { ok: false, problems: problems.sort(byLine) };
  }
  const found = warnings.flatMap((find) => find(draft)).map(located);
  return { ok: true, config: toConfig(result.data), warnings: found.sort(byLine) };
}

function toConfig({ certificates, maintenance, ...rest }: z.output<typeof documentSchema>): Config {
  return {
    ...rest,
    certificates: Object.entries(certificates).map(([id, { issuer: issuers, ...certificate }]) => ({
      id,
      issuers,
      ...(maintenance && { maintenance }),
      ...certificate,
      domains: [...new Set(certificate.names.map(registeredDomain))],
    })),
  };
}

function locate({ path, message, fix, value }: Finding, file: YamlFile): ConfigProblem {
  return {
    path: pathText(path),
    line: file.line(path),
    value: value ?? valueText(path, file),
    message,
    fix,
  };
}

function valueText(path: Finding['path'], file: YamlFile): string {
  const value = valueAt(file.value, path);
  // A number is shown as it was typed; YAML reads 0123 as 123.
  const source = typeof value === 'object' || typeof value === 'string' ? null : file.source(path);
  return source === null ? printableValue(value) : printable(source);
}

function byLine(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0);
}
