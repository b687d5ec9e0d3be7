import type { Place } from '#shared/place.ts';
import type { Clock } from '#shared/time/clock.ts';

export type ParameterVersion = {
  readonly version: number;
  readonly value: string;
  readonly modifiedAt: Date;
};

/** Changed by replacing it whole. */
export type Parameter = Place & {
  /** As it is stored: a hierarchy begins with a slash. */
  readonly name: string;
  readonly type: 'String' | 'StringList';
  /** The newest last; a hundred at most. */
  readonly versions: readonly ParameterVersion[];
};

export type ParametersState = {
  readonly clock: Clock;
  /** Standard parameters in an account and region. */
  readonly maxParameters: number;
  readonly parameters: Map<string, Parameter>;
};

/** Parameters of other accounts and regions are others. */
export function keyOf(name: string, { account, region }: Place): string {
  return `${account}/${region} ${name}`;
}

export function parametersOf(state: ParametersState, place: Place): readonly Parameter[] {
  return [...state.parameters.values()].filter(
    ({ account, region }) => account === place.account && region === place.region,
  );
}
