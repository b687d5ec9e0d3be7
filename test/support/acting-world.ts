import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from './fleet.ts';
import { earlierClock } from './run-beside.ts';
import { startWorld, type World } from './world.ts';

/** A world in which shop is served, and blog's CA has one certificate left, and a staging directory. */
export async function actingWorld(): Promise<World> {
  const source = configText(`
  shop:
    names: [shop.example.com]
    issuer: local
    targets: [{type: alb, listener: "${listenerArn('web')}"}]
  blog:
    names: [blog.example.com]
    issuer: rare
`).replace(
    'solvers:',
    '  rare: {type: acme, directory: "https://rare.example/directory", termsOfServiceAgreed: true, limits: {certificatesPerNames: 2 per 6d}, rehearsal: {directory: "https://staging.example/directory"}}\nsolvers:',
  );
  const world = await startWorld(source, { clock: earlierClock() });
  await world.live(hourMs);
  return world;
}

/** The wishes for a new certificate in the history of one: `force by run …`. */
export function wishesOf(world: World, id: string): readonly string[] {
  const { history } = world.record(id);
  return history.map(({ what }) => what).filter((what) => /^(force|override) by run /.test(what));
}
