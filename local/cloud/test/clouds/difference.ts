import { expect } from 'vitest';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';
import type { Scenario } from './scenario.ts';

/** Where a cloud does not do what AWS documents. The scenario keeps asserting what is documented. */
export type Difference = {
  /** `title: sentence` of the scenario. */
  readonly scenario: string;
  readonly cloud: 'local' | 'moto';
  /** What the cloud does instead. */
  readonly what: string;
  /** How the scenario fails there, so that it fails for this reason and no other. */
  readonly seen: RegExp;
  /** The page of the AWS documentation that decides; null where none does, and `what` says so. */
  readonly page: string | null;
  /** The version that it was seen in. */
  readonly since: string;
};

type Row = readonly [sentence: string, what: string, seen: RegExp, page: string | null];

/** Differences of moto 5.2.1 in the scenarios of one title. */
export function motoDiffers(title: string, rows: readonly Row[]): readonly Difference[] {
  return rows.map(([sentence, what, seen, page]) => {
    return { scenario: `${title}: ${sentence}`, cloud: 'moto', what, seen, page, since: '5.2.1' };
  });
}

/** A refusal that the scenario expects does not come. */
export const accepted = /instead of rejecting/;

/** The scenario must fail as it is described: a cloud that was mended is told here. */
export async function expectDifference(
  scenario: Scenario,
  cloud: CloudUnderTest,
  known: Pick<Difference, 'cloud' | 'seen'>,
): Promise<void> {
  const failure = await scenario(cloud).then(
    () => null,
    (error: unknown) => error,
  );
  if (failure === null) throw new Error(`${known.cloud} does not differ any more: remove it`);
  expect(failure instanceof Error ? failure.message : failure).toMatch(known.seen);
}
