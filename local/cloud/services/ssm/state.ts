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

/** A managed node, as Run Command reaches it. */
export type Host = Place & {
  /** `i-…` or `mi-…`. */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly isOnline: () => boolean;
  /** Carries a command out; a rejection is an exit code other than 0. */
  run(command: {
    readonly parameters: Readonly<Record<string, string>>;
    /** The text that a shell of a real host gets: the document's lines, with the parameters put in. */
    readonly script: string;
  }): Promise<void>;
};

export type CommandDocument = {
  readonly name: string;
  readonly parameters: Readonly<
    Record<string, { readonly allowedPattern?: string; readonly default?: string }>
  >;
  /** The lines of its shell scripts, in which `{{ name }}` is for the value of a parameter. */
  readonly lines: readonly string[];
};

export type HostOutcome = 'InProgress' | 'Success' | 'Failed' | 'Delivery Timed Out';

export type RunningCommand = Place & {
  readonly id: string;
  readonly document: string;
  readonly comment: string;
  readonly at: Date;
  /** The outcome of the command, by host, and when it is first seen; null while it runs. */
  readonly hosts: Map<
    string,
    { readonly is: Exclude<HostOutcome, 'InProgress'>; readonly at: Date } | null
  >;
};

export type SsmState = {
  readonly clock: Clock;
  /** The quota of standard parameters in an account and region. */
  readonly maxParameters: number;
  readonly parameters: Map<string, Parameter>;
  readonly documents: Map<string, CommandDocument>;
  readonly hosts: Map<string, Host>;
  /** Newest first. */
  readonly commands: RunningCommand[];
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
