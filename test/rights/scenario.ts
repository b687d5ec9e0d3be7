import type { AcmeCaOptions } from '#local/ca/acme-ca.ts';
import type { Assembly } from '#local/deploy/assembly.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';

export type Scenario = {
  readonly name: string;
  /** YAML. */
  readonly source: string;
  /** How the local CA is. */
  readonly ca?: Partial<AcmeCaOptions>;
  /** What is deployed instead of the installation as it is. */
  readonly edit?: (assembly: Assembly) => Assembly;
  readonly run: (world: World) => Promise<void>;
  /** What is not as it should be afterwards; nothing in an installation as it is. */
  readonly problems: (world: World) => Promise<readonly string[]> | readonly string[];
};

export const hour = 3_600_000;

export const small = configText(
  `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('shop')}"}]}\n`,
);

/** Nobody was denied anything, every endpoint serves the newest version, and people heard of it. */
export async function healthy(world: World): Promise<readonly string[]> {
  const problems = world.denied().map((denial) => `denied: ${denial}`);
  for (const { id } of world.landscape.config.certificates) {
    const newest = world.record(id).versions.at(-1)?.serial ?? 'nothing';
    const served = await world.served(id);
    if (served.size !== 1 || !served.has(newest)) problems.push(`${id} is not served`);
    if (!world.inbox().some(({ subject }) => subject?.includes(`${id} is served`))) {
      problems.push(`nobody was told of ${id}`);
    }
  }
  return problems;
}
