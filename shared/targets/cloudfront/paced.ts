import type { Clock } from '#shared/time/clock.ts';
import { turns } from '../turns.ts';
import type { CloudFrontClient } from './client.ts';

/** AWS publishes no rate of this API, whose calls the account's owner needs too. */
const callsPerSecond = 5;
const callsAtOnce = 10;

/** The client that the targets of an account share: it sends calls in turn. */
export function pacedCloudFront(client: CloudFrontClient, clock: Clock): CloudFrontClient {
  const calls = turns(clock, callsPerSecond, callsAtOnce);
  async function inTurn<T>(call: () => Promise<T>): Promise<T> {
    await calls.take(1);
    return call();
  }
  return {
    distribution: (id) => inTurn(() => client.distribution(id)),
    setCertificate: (...given) => inTurn(() => client.setCertificate(...given)),
    tags: (arn) => inTurn(() => client.tags(arn)),
    tag: (...given) => inTurn(() => client.tag(...given)),
  };
}
