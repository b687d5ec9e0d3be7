import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { faultKinds } from './kinds.ts';
import { settings } from './settings.ts';

export type FaultsOptions = {
  readonly seed: number;
  readonly json: boolean;
  readonly page: boolean;
  /** Plays one fault in a world, instead of one for each certificate. */
  readonly alone: boolean;
  readonly jobs: number;
  /** Numbers of calls, or parts of their names; all unless given. */
  readonly calls: readonly string[];
  readonly faults: readonly string[];
  /** `17:kill-after`; all of them are played in one world. */
  readonly cases: readonly string[];
  /** The number of cases to choose at random. */
  readonly sample: number | null;
  /** Plays the cases of CI: the same cases for the same code. */
  readonly fixed: boolean;
  /** Ends with the first violation, for those who only ask whether there is one. */
  readonly first: boolean;
  /** Plays nothing, and prints the number of calls; with `names` each of them. */
  readonly count: boolean;
  readonly names: boolean;
  /** All settings unless given. */
  readonly settings: readonly string[];
};

/** @throws Error with a sentence for the person who typed it. */
export function readOptions(args: readonly string[], now: Date): FaultsOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      json: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      alone: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      call: { type: 'string', multiple: true },
      fault: { type: 'string', multiple: true },
      sample: { type: 'string' },
      fixed: { type: 'boolean', default: false },
      first: { type: 'boolean', default: false },
      count: { type: 'boolean', default: false },
      names: { type: 'boolean', default: false },
      setting: { type: 'string', multiple: true },
      case: { type: 'string', multiple: true },
    },
  });
  const known = faultKinds.map(({ name }) => name);
  const all = settings.map(({ name }) => name);
  const sample = values.sample === undefined ? null : count('sample', values.sample);
  return {
    // A full campaign uses the same seed on each day; a sample uses another one each time.
    seed:
      values.seed === undefined
        ? sample
          ? now.getTime() % 1_000_000
          : 1
        : count('seed', values.seed),
    json: values.json,
    page: values.page,
    alone: values.alone,
    jobs: values.jobs === undefined ? availableParallelism() : count('jobs', values.jobs),
    calls: values.call ?? [],
    faults: chosen('fault', values.fault, known),
    sample,
    fixed: values.fixed,
    first: values.first,
    count: values.count,
    names: values.names,
    settings: chosen('setting', values.setting, all),
    cases: values.case ?? [],
  };
}

function chosen(
  name: string,
  asked: readonly string[] | undefined,
  known: readonly string[],
): readonly string[] {
  const unknown = asked?.filter((one) => !known.includes(one)) ?? [];
  if (unknown.length === 0) return asked ?? known;
  throw new Error(`--${name} ${unknown.join(', ')} is none of ${known.join(', ')}`);
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Error(`--${name} ${text} is not a number from 1`);
}
