import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type NagReport = {
  readonly rules: string;
  readonly stacks: readonly string[];
  /** Findings that nobody has acknowledged. Synthesis fails on one, so the list is empty. */
  readonly findings: readonly [];
  readonly acknowledged: readonly Acknowledged[];
};

type Acknowledged = {
  readonly stack: string;
  /** The path of the construct in the app. */
  readonly construct: string;
  readonly rule: string;
  readonly reason: string;
};

type Metadata = Readonly<Record<string, readonly { type: string; data?: unknown }[]>>;

const { version } = JSON.parse(
  readFileSync(new URL('../../node_modules/cdk-nag/package.json', import.meta.url), 'utf8'),
);

/** Reads the report from a cloud assembly that was synthesized without a finding. */
export function nagReport(assembly: string): NagReport {
  const files = readdirSync(assembly).filter((name) => name.endsWith('.metadata.json'));
  const stacks = files.map((name) => name.replace('.metadata.json', '')).sort();
  return {
    rules: `AwsSolutionsChecks of cdk-nag ${version}`,
    stacks,
    findings: [],
    acknowledged: stacks.flatMap((stack) => acknowledgedIn(stack, assembly)),
  };
}

function acknowledgedIn(stack: string, assembly: string): readonly Acknowledged[] {
  const text = readFileSync(join(assembly, `${stack}.metadata.json`), 'utf8');
  return Object.entries(JSON.parse(text) as Metadata).flatMap(([construct, entries]) =>
    entries
      .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
      .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
      .map(([rule, reason]) => ({
        stack,
        construct,
        rule: rule.replace('Annotation::', ''),
        reason,
      })),
  );
}
