import type { ArnPublisher } from '#shared/deploy/publish/arn-publisher.ts';

export type FakeArnPublisher = ArnPublisher & {
  /** What each parameter holds. */
  readonly published: ReadonlyMap<string, string>;
  /** Every ARN that was put, in order. */
  readonly puts: readonly string[];
  /** As long as it is not null, nothing is published and nothing withdrawn. */
  refuse(error: Error | null): void;
};

/** Parameters of one place, in memory. */
export function fakeArnPublisher(): FakeArnPublisher {
  const published = new Map<string, string>();
  const puts: string[] = [];
  let refusal: Error | null = null;
  return {
    published,
    puts,
    refuse: (error) => {
      refusal = error;
    },
    async publish(parameter, arn) {
      if (refusal) throw refusal;
      puts.push(arn);
      published.set(parameter, arn);
    },
    async withdraw(parameter) {
      if (refusal) throw refusal;
      published.delete(parameter);
    },
  };
}
