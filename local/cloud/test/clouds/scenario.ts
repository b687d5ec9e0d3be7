import { expect } from 'vitest';
import type { CloudUnderTest } from '#cloud/kit/clouds/cloud.ts';

/** Asserts what AWS documents, whatever the cloud does. */
export type Scenario = (cloud: CloudUnderTest) => Promise<void>;

export type ScenarioGroup = {
  /** The service, and what of it. */
  readonly title: string;
  /** Sentences about the service. */
  readonly scenarios: Readonly<Record<string, Scenario>>;
};

/** What `differences.ts` names a scenario by. */
export function scenarioId(title: string, sentence: string): string {
  return `${title}: ${sentence}`;
}

/** Expects an error; of this name where AWS documents it, with such a message where that tells it apart. */
export async function refused(
  answer: Promise<unknown>,
  name: string | null,
  message = /./,
): Promise<void> {
  const expected = { message: expect.stringMatching(message), ...(name !== null && { name }) };
  await expect(answer).rejects.toMatchObject({ $metadata: expect.anything(), ...expected });
}
