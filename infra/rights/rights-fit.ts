import { listenerAccounts, stackAccounts } from '#shared/config/accounts.ts';
import type { Config } from '#shared/config/config.ts';
import { functionNames } from '#shared/installation.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { functionRights, listenerRights, placeRights } from './rights.ts';
import type { Statement } from './statement.ts';
import { TooManyRights, withinLimits } from './within-limits.ts';

export type RightsFit = {
  /** CloudFormation would refuse these during a deployment. */
  readonly problems: readonly Finding[];
  readonly warnings: readonly Finding[];
};

/** Placeholders as long as the real values. */
const standIn = {
  keyArn: 'x'.repeat(120),
  replicaKeyArn: () => 'x'.repeat(120),
  configBucket: 'x'.repeat(63),
};

/** Compares the policies of all roles with IAM's limits, and reports the parts of the configuration that exceed them. */
export function rightsFit(config: Config): RightsFit {
  const problems: Finding[] = [];
  const warnings = new Map<string, Finding>();
  for (const statements of roleRights(config)) {
    try {
      const { widened } = withinLimits(statements);
      for (const each of widened) warnings.set(each.sid, widenedFinding(each));
    } catch (error) {
      if (!(error instanceof TooManyRights)) throw error;
      problems.push(tooManyFinding(error));
    }
  }
  return { problems, warnings: [...warnings.values()] };
}

function* roleRights(config: Config): Generator<readonly Statement[]> {
  for (const name of functionNames) yield functionRights(name, config, standIn);
  for (const account of stackAccounts(config)) {
    yield placeRights('deploy', config, account);
    yield placeRights('verify', config, account);
  }
  for (const account of listenerAccounts(config)) yield listenerRights(config, account);
}

function widenedFinding({ sid, otherwise }: Statement): Finding {
  return {
    path: pathOf(sid),
    value: '',
    message: `name more for the right ${sid} than the policies of one role can list`,
    fix: otherwise?.meaning ?? 'Nothing.',
  };
}

function tooManyFinding({ longest }: TooManyRights): Finding {
  const sid = longest?.sid ?? '';
  return {
    path: pathOf(sid),
    value: '',
    message: `need more rights than IAM allows for one role: ${longest?.resources.length ?? 0} resources for ${sid}`,
    fix: 'Split the configuration into two installations.',
  };
}

/** The part of the file whose entries make the list longer. */
function pathOf(sid: string): Finding['path'] {
  const [, path] = parts.find(([form]) => form.test(sid)) ?? [];
  return [path ?? 'certificates'];
}

const parts: readonly (readonly [form: RegExp, path: string])[] = [
  [/^ReadExternalAccounts/, 'issuers'],
  [/Dns|Zones|ChallengeValues|DelegatedValues|ActOnListeners|Rules/, 'solvers'],
];
