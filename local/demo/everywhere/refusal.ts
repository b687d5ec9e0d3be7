import type { Faults } from 'local-cloud/faults.ts';

export type Refusal = {
  readonly region: string;
  /** The number of calls that were refused so far. */
  calls(): number;
  end(): void;
};

/** Refuses every call of certkeep in a region, as an outage does, until it is ended; people still see what is there. */
export function refuseRegion(faults: Pick<Faults, 'add'>, region: string): Refusal {
  let isOver = false;
  let calls = 0;
  faults.add({
    when(call) {
      const isRefused = !isOver && call.region === region && call.caller !== null;
      if (isRefused) calls += 1;
      return isRefused;
    },
    fault: { do: 'refuse', code: 'ServiceUnavailable', status: 503 },
    times: Number.POSITIVE_INFINITY,
  });
  return {
    region,
    calls: () => calls,
    end() {
      isOver = true;
    },
  };
}
