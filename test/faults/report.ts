import type { NamedCall } from './calls.ts';
import type { Campaign } from './campaign.ts';
import { faultKinds } from './kinds.ts';
import type { Strike } from './strike.ts';

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

/** The command that plays the same again. */
export function replayOf(
  strikes: readonly Strike[],
  calls: readonly NamedCall[],
  seed: number,
): string {
  const numbered = strikes.map(({ call, fault }) => ({
    number: calls.findIndex(({ id }) => id === call.id) + 1,
    fault,
  }));
  const [only, ...more] = numbered;
  const asked =
    only && more.length === 0
      ? `--call ${only.number} --fault ${only.fault}`
      : numbered.map(({ number, fault }) => `--case ${number}:${fault}`).join(' ');
  return `npm run faults -- --seed ${seed} ${asked}`;
}

/** A line now and then, so that nobody takes a long run for a dead one. */
export function progress(total: number, say: (line: string) => void) {
  let told = 0;
  return (done: number, broken: number) => {
    const share = Math.floor((20 * done) / total);
    if (share === told) return;
    told = share;
    say(`${done} of ${total} runs, ${broken} with violations`);
  };
}

export type Row = readonly string[];

/** Services by faults: runs, and after a slash those with violations. */
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
