import type { AcmeCaOptions } from 'local-cloud/ca/acme-ca.ts';
import type { Consistency } from 'local-cloud/cloud.ts';
import type { Assembly } from 'local-cloud/deploy/assembly.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';

export type Scenario = {
  readonly name: string;
  /** The configuration in YAML. */
  readonly source: string;
  /** The options of the local CA. */
  readonly ca?: Partial<AcmeCaOptions>;
  /** The options of the CA that stands in for staging directories. */
  readonly staging?: Partial<AcmeCaOptions>;
  /** How long AWS takes, where that matters. */
  readonly consistency?: Consistency;
  /** Changes the installation before it is deployed. */
  readonly edit?: (assembly: Assembly) => Assembly;
  readonly run: (world: World) => Promise<void>;
  /** Returns what is wrong afterwards; nothing for an unchanged installation. */
  readonly problems: (world: World) => Promise<readonly string[]> | readonly string[];
};

export const hour = 3_600_000;

export const small = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);

/** Checks that nobody was denied anything, every endpoint serves the newest version, machines and people heard of it. */
export async function healthy(world: World): Promise<readonly string[]> {
  const problems = world.denied().map((denial) => `denied: ${denial}`);
  for (const { id } of world.landscape.config.certificates) {
    const newest = world.record(id).versions.at(-1)?.serial ?? 'nothing';
    const served = await world.served(id);
    if (served.size !== 1 || !served.has(newest)) problems.push(`${id} is not served`);
    const isSent = world.events().some(({ summary }) => summary.startsWith(`${id} is served`));
    if (!isSent) problems.push(`nobody was sent that ${id} is served`);
  }
  if (world.inbox().length === 0) problems.push('nobody was told anything');
  return problems;
}
