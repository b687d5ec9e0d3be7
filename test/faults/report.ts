import type { NamedCall } from './calls.ts';
import type { Campaign } from './campaign.ts';
import { faultKinds } from './kinds.ts';
import type { Case, Strike } from './strike.ts';

export type Summary = {
  readonly calls: number;
  readonly faults: number;
  readonly runs: number;
  readonly violations: number;
};

export function summaryOf(strikes: readonly Strike[], { findings, missed }: Campaign): Summary {
  return {
    calls: new Set(strikes.map(({ call }) => call.id)).size,
    faults: new Set(strikes.map(({ fault }) => fault)).size,
    runs: strikes.length,
    violations: findings.length + missed.length,
  };
}

/** Returns the command that plays the same again. */
export function replayOf({ setting, seed, strikes }: Case, calls: readonly NamedCall[]): string {
  const here = calls.filter((call) => call.setting === setting);
  const numbered = strikes.map(({ call, fault }) => ({
    number: here.findIndex(({ id }) => id === call.id) + 1,
    fault,
  }));
  const [only, ...more] = numbered;
  const asked =
    only && more.length === 0
      ? `--call ${only.number} --fault ${only.fault}`
      : numbered.map(({ number, fault }) => `--case ${number}:${fault}`).join(' ');
  return `npm run faults -- --setting ${setting} --seed ${seed} ${asked}`;
}

/** Prints a line now and then, so that a long run does not look dead. */
export function progress(total: number, say: (line: string) => void) {
  let told = 0;
  return (done: number, broken: number) => {
    const share = Math.floor((20 * done) / total);
    if (share === told) return;
    told = share;
    say(`${done} of ${total} runs, ${broken} with violations`);
  };
}

/** The same for what is played again, whose number is known only then. */
export function missedProgress(say: (line: string) => void) {
  let told = -1;
  return (done: number, total: number) => {
    const share = Math.floor((20 * done) / total);
    if (share === told) return;
    told = share;
    say(`${done} of ${total} whose call did not come beside others are played again`);
  };
}

export type Row = readonly string[];

/** Counts the calls of each function by operation, with a column for each setting. */
export function countsOf(calls: readonly NamedCall[]): readonly Row[] {
  const settings = [...new Set(calls.map(({ setting }) => setting))];
  const asked = ({ functionName, service, operation }: NamedCall) =>
    `${functionName} ${service} ${operation}`;
  const sums = (rowCalls: readonly NamedCall[]) =>
    settings.map((name) => String(rowCalls.filter(({ setting }) => setting === name).length));
  const rows = [...Map.groupBy(calls, asked)].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    ['', ...settings],
    ...rows.map(([name, alike]) => [name, ...sums(alike)]),
    ['all', ...sums(calls)],
  ];
}

/** Formats rows for a terminal, with columns of fixed width. */
export function linesOf(rows: readonly Row[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => (row[at] ?? '').length)),
  );
  return rows.map((row) =>
    row
      .map((text, at) => text.padEnd((widths[at] ?? 0) + 2))
      .join('')
      .trimEnd(),
  );
}

/** Tabulates services by faults: the number of runs, and after a slash those with violations. */
export function tableOf(strikes: readonly Strike[], { findings }: Campaign): readonly Row[] {
  const services = [...new Set(strikes.map(({ call }) => call.service))].sort();
  const names = faultKinds.map(({ name }) => name);
  const broken = findings.flatMap((finding) => finding.strikes);
  const cell = (service: string, fault: string) => {
    const isHere = (strike: Strike) => strike.call.service === service && strike.fault === fault;
    const runs = strikes.filter(isHere).length;
    const violations = broken.filter(isHere).length;
    if (runs === 0) return '';
    return violations > 0 ? `${runs}/${violations}` : String(runs);
  };
  return [
    ['', ...names],
    ...services.map((service) => [service, ...names.map((name) => cell(service, name))]),
  ];
}
