import type { CheckedConfig } from '#infra/config-file.ts';
import type { Config } from '#shared/config/config.ts';
import { type ConfigProblem, printable } from '#shared/config-file/messages/problem.ts';
import { renderProblems, renderWarnings } from '#shared/config-file/messages/render.ts';
import { parsePlaceKey } from '#shared/place.ts';
import { placesOfAll } from '#shared/targets/identities.ts';
import { localAccount } from '../../reach/kept-cloud.ts';
import { counted, listed } from '../../text/lists.ts';
import { shellWord } from '../../text/shell-word.ts';
import { usualFile } from '../usual-file.ts';

/** What a valid file holds. */
type Holds = {
  readonly certificates: number;
  readonly names: number;
  readonly targets: number;
  /** Home first, then those with targets, then those that only keep copies. */
  readonly regions: readonly string[];
  /** Home first. */
  readonly accounts: readonly string[];
  /** Those that a certificate names. */
  readonly issuers: readonly string[];
};

/** What is found in a file. */
export type ValidateReport = {
  readonly file: string;
  readonly isValid: boolean;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
  /** Null where the file is not valid. */
  readonly holds: Holds | null;
};

export function reportOf(file: string, checked: CheckedConfig): ValidateReport {
  return checked.ok
    ? {
        ...{ file, isValid: true, problems: [], warnings: checked.warnings },
        holds: holdsOf(checked.config),
      }
    : { file, isValid: false, problems: checked.problems, warnings: [], holds: null };
}

function holdsOf(config: Config): Holds {
  const { certificates, home, replicas } = config;
  const places = placesOfAll(config).map(parsePlaceKey);
  return {
    certificates: certificates.length,
    names: new Set(certificates.flatMap(({ names }) => names)).size,
    targets: certificates.reduce((sum, { targets }) => sum + targets.length, 0),
    regions: unique([home.region, ...places.map(({ region }) => region), ...replicas]),
    accounts: unique([home.account, ...places.map(({ account }) => account)]),
    issuers: unique(certificates.flatMap(({ issuers }) => issuers)),
  };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** The report for `--json`, without what only the page needs. Pure. */
export function reportJson({ problems, warnings, ...report }: ValidateReport): unknown {
  const plain = ({ excerpt, fix, line, message, path, value }: ConfigProblem) => ({
    ...{ path, line, column: excerpt?.column ?? null, value, message, fix },
  });
  return { ...report, problems: problems.map(plain), warnings: warnings.map(plain) };
}

/** The text of `certkeep validate`. Pure. */
export function validatePage({ file, holds, problems, warnings }: ValidateReport): string {
  const again = `npx certkeep validate ${shellWord(printable(file))}`;
  if (holds === null) {
    return `${renderProblems(problems, file)}\nCorrect this in the file, and check it again.\nNext: ${again}`;
  }
  const valid = `${printable(file)} is valid: ${holdsText(holds)}\nNext: ${nextOf(file, holds)}`;
  return warnings.length > 0 ? `${renderWarnings(warnings, file)}\n${valid}` : valid;
}

function nextOf(file: string, { accounts }: Holds): string {
  const isLocal = accounts[0] === localAccount;
  const named = file === usualFile && !isLocal ? '' : ` --config ${shellWord(printable(file))}`;
  return `npx certkeep doctor${isLocal ? ' --local' : ''}${named}`;
}

function holdsText({ accounts, certificates, issuers, names, regions, targets }: Holds): string {
  return [
    `${counted(certificates, 'certificate')} with ${counted(names, 'name')}`,
    counted(targets, 'target'),
    `${counted(regions.length, 'region')} (${listed(regions)})`,
    `${counted(accounts.length, 'account')} (${listed(accounts)})`,
    issuers.length === 0 ? 'no issuer' : `from ${listed(issuers)}`,
  ].join(', ');
}
