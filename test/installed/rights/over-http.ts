import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { rulesOf } from '#test/support/world-rules.ts';
import type { Scenario } from './scenario.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };

const source = configText(`
  shop: {names: [example.com], issuer: local}
  portal: {names: [example.net], issuer: local}
  api: {names: [example.org], issuer: local}
`).replace(
  '- type: route53',
  `- {type: alb-http01, listener: "${listenerArn('web', 'a')}", selector: {dnsZones: [example.com]}}
  - {type: alb-http01, listener: "${listenerArn('api', 'a')}", rule: permanent, priority: 1, selector: {dnsZones: [example.org]}}
  - {type: alb-http01, listener: "${listenerArn('far', 'a', elsewhere)}"}`,
);

/** Covers home, with temporary rules and a permanent one, and an account that has nothing else of certkeep. */
export const overHttp: Scenario = {
  name: 'names are proven by listener rules, temporary and permanent, at home and in another account',
  source,
  async run(world) {
    await world.check();
    await world.live(hourMs);
  },
  async problems(world: World) {
    const problems = world.denied().map((denial) => `denied: ${denial}`);
    for (const { id } of world.landscape.config.certificates) {
      const { desired, txt } = world.record(id);
      if (desired === null) problems.push(`${id} is not issued`);
      if (txt.length > 0) problems.push(`${id} has left something`);
    }
    if ((await rulesOf(world)).length > 0) problems.push('a rule is left');
    return problems;
  },
};
