import type * as z from 'zod';
import type { Config } from '#shared/config/config.ts';
import { rehearsalObstacle } from '#shared/issuers/rehearsal.ts';
import { placeKey } from '#shared/place.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { looksLikeSecret } from '#shared/schema/secret-value.ts';
import { placesOfAll } from '#shared/targets/identities.ts';
import { checks } from './checks/checks.ts';
import { warnings } from './checks/warnings.ts';
import { draftOf } from './draft.ts';
import { foreignFile } from './foreign-file.ts';
import { atEntries, certificatesOf, targetFor } from './keys-of-entry.ts';
import { excerptOf } from './messages/excerpt.ts';
import { findingsOf } from './messages/issues.ts';
import {
  type ConfigProblem,
  pathText,
  printable,
  printableValue,
  type Range,
} from './messages/problem.ts';
import { valueAt } from './messages/schema-at.ts';
import { registeredDomain } from './names.ts';
import { documentSchema } from './schema.ts';
import { usefulConcurrency } from './useful-concurrency.ts';
import { readYaml, type YamlFile } from './yaml/yaml.ts';

export type ConfigReading =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly ConfigProblem[];
      /** Finds the position of findings about a valid file. */
      readonly locate: (findings: readonly Finding[]) => readonly ConfigProblem[];
    }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/** Reads the whole configuration and reports everything that is wrong with it at once. Never throws. */
export function parseConfig(text: string, source = 'certkeep.yaml'): ConfigReading {
  const { file, problems: unreadable } = readYaml(text, source);
  if (file === null) return { ok: false, problems: shown(unreadable, text, []) };
  const foreign = foreignFile(file.value);
  if (foreign) return { ok: false, problems: located([foreign], file, text) };
  // We write the words of every issue, except where a schema has its own message.
  const result = documentSchema.safeParse(file.value, { error: () => '' });
  const draft = draftOf(file.value);
  const hidden = new Set(unreadable.map(({ path }) => path));
  const told = (rules: typeof checks) =>
    atEntries(
      rules.flatMap((find) => find(draft)),
      draft.certificates,
    );
  const findings = [
    ...(result.error?.issues ?? []).flatMap((issue) =>
      findingsOf(issue, documentSchema, file.value, file.source),
    ),
    ...told(checks),
    // An unreadable part looks empty, or wrong in another way.
  ].filter(({ path }) => !hidden.has(pathText(path)));
  if (unreadable.length > 0 || findings.length > 0 || !result.success) {
    const problems = [
      ...shown(unreadable, text, hiddenIn(findings, file)),
      ...located(findings, file, text),
    ];
    return { ok: false, problems: problems.sort(byLine) };
  }
  return {
    ok: true,
    config: toConfig(result.data),
    warnings: located(told(warnings), file, text),
    locate: (others) => located(atEntries(others, draft.certificates), file, text),
  };
}

function toConfig(written: z.output<typeof documentSchema>): Config {
  const config = withPlaces(asWritten(written), written.discovery);
  return { ...config, concurrency: usefulConcurrency(config) };
}

/** Without a list of its own, discovery looks at home and wherever there are targets. */
function withPlaces(
  config: Config,
  discovery: z.output<typeof documentSchema>['discovery'],
): Config {
  if (!discovery) return config;
  const { mode, places = [placeKey(config.home), ...placesOfAll(config)] } = discovery;
  return { ...config, discovery: { mode, places: [...new Set(places)] } };
}

/** Check refuses by it, and need not know the directories. */
function obstaclesOf(issuers: Config['issuers']): Readonly<Record<string, string>> {
  const obstacles = Object.entries(issuers).flatMap(([name, issuer]) => {
    const obstacle = rehearsalObstacle(name, issuer);
    return obstacle ? [[name, obstacle] as const] : [];
  });
  return Object.fromEntries(obstacles);
}

function asWritten({
  certificates,
  issuers: written,
  discovery: _,
  maintenance,
  rollout,
  ...rest
}: z.output<typeof documentSchema>): Config {
  const issuers = Object.entries(written).map(([name, issuer]) => {
    const host = URL.parse(issuer.directory)?.hostname ?? '';
    return [name, { ...issuer, webDomain: registeredDomain(host) }];
  });
  return {
    ...rest,
    issuers: Object.fromEntries(issuers),
    noRehearsal: obstaclesOf(written),
    certificates: Object.entries(certificates).flatMap(
      ([entry, { issuer: issuers, key: keys, renewBefore, targets, ...certificate }]) =>
        certificatesOf(entry, keys).map(({ id, key }) => ({
          id,
          issuers,
          key,
          ...(maintenance && { maintenance }),
          ...(rollout && { rollout }),
          ...certificate,
          ...(renewBefore !== undefined && { renewBeforeDays: renewBefore / 24 }),
          domains: [...new Set(certificate.names.map(registeredDomain))],
          targets: targets.flatMap((target) => targetFor(target, key, keys) ?? []),
        })),
    ),
  };
}

/** Sorts from the top of the file to its end. */
function located(
  findings: readonly Finding[],
  file: YamlFile,
  text: string,
): readonly ConfigProblem[] {
  const problems = findings.map((finding) => locate(finding, file));
  return shown(problems, text, hiddenIn(findings, file)).sort(byLine);
}

function hiddenIn(findings: readonly Finding[], file: YamlFile): readonly Range[] {
  return findings
    .filter(({ isSecret }) => isSecret)
    .flatMap(({ path }) => {
      const range = file.valueRange(path);
      return range ? [range] : [];
    });
}

function shown(
  problems: readonly ConfigProblem[],
  text: string,
  hidden: readonly Range[],
): ConfigProblem[] {
  return problems.map((problem) => ({
    ...problem,
    excerpt: problem.range && excerptOf(text, problem.range, hidden),
  }));
}

function locate(finding: Finding, file: YamlFile): ConfigProblem {
  const { path, message, fix, value, isKey, isSecret } = finding;
  const range = isKey ? (file.keyRange(path) ?? file.range(path)) : file.range(path);
  return {
    path: pathText(path),
    line: range && file.lineAt(range[0]),
    value: value ?? (isSecret ? hiddenValue : valueText(path, file)),
    message,
    fix,
    range,
    excerpt: null,
  };
}

const hiddenValue = '(a value that is not shown)';

function valueText(path: Finding['path'], file: YamlFile): string {
  const value = valueAt(file.value, path);
  if (typeof value === 'string' && looksLikeSecret(value)) return hiddenValue;
  // Shows a number as somebody typed it; YAML reads 0123 as 123.
  const source = typeof value === 'object' || typeof value === 'string' ? null : file.source(path);
  return source === null ? printableValue(value) : printable(source);
}

/** Sorts from the top of the file to its end. */
export function byLine(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0);
}
