/** Replaces @smithy/core/event-streams: certkeep calls no operation with a stream of events. */
export function resolveEventStreamSerdeConfig<Config>(config: Config): Config {
  return config;
}

export function eventStreamSerdeProvider(): never {
  throw new Error('functions carry no event streams');
}

export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
