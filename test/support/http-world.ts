import type { OutsideCall } from 'local-cloud/faults.ts';
import { afterEach } from 'vitest';
import { configText, listenerArn } from './fleet.ts';
import { startWorld, type World } from './world.ts';

/** A configuration of one certificate whose solvers are these. */
export function provenBy(solvers: string, names = '[example.com, www.example.com]'): string {
  const text = configText(`  shop: {names: ${names}, issuer: local}\n`);
  return text.replace('- type: route53', solvers);
}

export function overHttp(more = '', arn = listenerArn('web', 'a')): string {
  return `- {type: alb-http01, listener: "${arn}"${more}}`;
}

type Options = Parameters<typeof startWorld>[1];

/** A world that is over with its test, a minute after its DNS was set up. */
export function httpWorld() {
  let world: World | undefined;
  afterEach(() => world?.close());
  const here = (): World => {
    if (!world) throw new Error('the world has not begun');
    return world;
  };
  return {
    world: here,
    async start(text = provenBy(overHttp()), options: Options = {}): Promise<World> {
      world = await startWorld(text, options);
      world.clock.advance(60_000);
      return world;
    },
    /** Of the issue function. */
    calls: (operation: string): readonly OutsideCall[] =>
      here().cloud.faults.calls.filter(
        (call) => call.operation === operation && call.caller === 'issue',
      ),
    finalized: (): number =>
      here()
        .cloud.ca.ledger()
        .orders.filter((order) => order.finalizedTimes > 0).length,
  };
}
