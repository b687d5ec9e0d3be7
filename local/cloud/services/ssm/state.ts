import type { Clock } from '../../clock.ts';
import type { Place } from '../../wire/place.ts';

export type ParameterVersion = {
  readonly version: number;
  readonly value: string;
  readonly modifiedAt: Date;
};

/** A change replaces the whole parameter. */
export type Parameter = Place & {
  /** The stored form: a hierarchy begins with a slash. */
  readonly name: string;
  readonly type: 'String' | 'StringList';
  /** The newest is last; at most a hundred. */
  readonly versions: readonly ParameterVersion[];
  readonly tags: ReadonlyMap<string, string>;
};

export type SsmState = {
  readonly clock: Clock;
  /** The quota of standard parameters in an account and region. */
  readonly maxParameters: number;
  readonly parameters: Map<string, Parameter>;
};

/** Each account and region has its own parameters. */
export function keyOf(name: string, { account, region }: Place): string {
  return `${account}/${region} ${name}`;
}

export function parametersOf(state: SsmState, place: Place): readonly Parameter[] {
  return [...state.parameters.values()].filter(
    ({ account, region }) => account === place.account && region === place.region,
  );
}
