/** One Lambda function: `name` is its stage (`issue`), deployed as `certkeep-issue`. */
export type FunctionWiring = {
  readonly name: string;
  /** The source file, from the project's root: `functions/check.ts`. */
  readonly entry: string;
  readonly timeoutMs: number;
  readonly environment: Readonly<Record<string, string>>;
};

/** What starts which function. Queues and event buses exist beforehand and are named, functions by their stage. */
export type Wiring = {
  readonly functions: readonly FunctionWiring[];
  /** Event source mappings with a batch size of 1. */
  readonly queueSources: readonly {
    readonly queue: string;
    readonly function: string;
    readonly maxConcurrency: number;
  }[];
  readonly schedules: readonly {
    readonly function: string;
    readonly everyMs: number;
    readonly input: unknown;
  }[];
  readonly eventRules: readonly {
    readonly bus: string;
    readonly pattern: unknown;
    readonly function: string;
  }[];
};
