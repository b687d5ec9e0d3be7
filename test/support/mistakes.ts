import { expect } from 'vitest';
import type { ConfigProblem } from '#shared/config-file/messages/problem.ts';
import { certificatesYaml, configYaml, parsed, problemsOf } from './config-yaml.ts';

type Parts = Parameters<typeof configYaml>[0];
/** What is wrong (or strange), and what is to be said of it; every text is a part of what is said. */
export type Row = readonly [
  mistake: string,
  parts: Parts | string,
  path: string,
  message: string,
  fix: string,
];

export const listenerArn =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/f2f7dc8efc522ab2';

export function issuerYaml(fields: string, name = 'letsencrypt'): string {
  return `issuers: {${name}: {${fields}}}`;
}

export const letsencrypt = 'type: acme, directory: letsencrypt, termsOfServiceAgreed: true';

/** A file whose certificate `shop` has a line more. */
export function shopWith(more: string) {
  return { certificates: certificatesYaml({ shop: { more } }) };
}

/** The one problem of a file. @throws Error where there is none, or more */
export function problemOf(parts: Parts | string): ConfigProblem {
  return only(problemsOf(typeof parts === 'string' ? parts : configYaml(parts)));
}

/** What is said of a mistake, and that its line is shown. */
export function expectRow([, parts, path, message, fix]: Row): void {
  const problem = problemOf(parts);
  expect(problem.path).toBe(path);
  expect(problem.message).toContain(message);
  expect(problem.fix).toContain(fix);
  expect(problem.excerpt).not.toBeNull();
}

/** The one warning of a sound file. @throws Error where there is none, or more */
export function warningOf(parts: Parts | string): ConfigProblem {
  return only(parsed(typeof parts === 'string' ? parts : configYaml(parts)).warnings);
}

function only(problems: readonly ConfigProblem[]): ConfigProblem {
  const [problem, ...others] = problems;
  if (problem && others.length === 0) return problem;
  throw new Error(`not one problem: ${JSON.stringify(problems, null, 2)}`);
}
