import { parseArgs } from 'node:util';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { readBack } from '#local/demo/landscape.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { startWorld } from '#test/support/world.ts';
import { assemblyOf } from '#test/support/world-assembly.ts';
import { type Client, clientsOf } from './rotations/clients.ts';
import { fleetText, type Rotation, rotationOf, variants, withoutPair } from './rotations/fleet.ts';
import { startLoad } from './rotations/load.ts';
import { allowedSince, desiredVersions, unsettled } from './rotations/records.ts';
import { tableOf } from './rotations/tally.ts';

/**
 * Makes real handshakes on loopback with an ALB and a Classic ELB of the local cloud, two nodes each, while certkeep
 * rotates their certificates: forced renewals, changes of key type, default and SNI exchanged. The functions run in this
 * process on a clock that jumps, but waits `--pace-ms` of real time before each wake-up. A handshake waits for everything
 * else in the process, so its times are valid only here. The bench shows that certkeep and our own balancer lose no client;
 * it says nothing about a real balancer.
 */
const { values } = parseArgs({
  options: {
    rotations: { type: 'string', default: '100' },
    'per-second': { type: 'string', default: '50' },
    // No rotation begins after this many minutes of real time.
    minutes: { type: 'string', default: '20' },
    'pace-ms': { type: 'string', default: '20' },
    // In virtual time: a listener may be changed only so often a day.
    'hours-between': { type: 'string', default: '24' },
    // Leaves out the RSA and ECDSA certificates for the same names.
    'without-pair': { type: 'boolean', default: false },
  },
});
const asked = Number(values.rotations);
const paceMs = Number(values['pace-ms']);
const longestRotationMs = dayMs;
const mostTold = 10;

const text = values['without-pair'] ? withoutPair(fleetText) : fleetText;
const clock = virtualClock(undefined, (then) => void setTimeout(then, paceMs));
const world = await startWorld(text, { clock, mayDeny: true });
try {
  process.exitCode = (await bench()) ? 0 : 1;
} finally {
  await world.close();
}

/** Returns true when nothing failed, nothing was wrong, and every rotation finished. */
async function bench(): Promise<boolean> {
  const ids = world.landscape.config.certificates.map(({ id }) => id);
  // Synthesis during the run would delay the handshakes.
  for (const variant of variants(world.landscape.configText)) assemblyOf(readBack(variant).config);
  await world.check();
  if (!(await settled())) throw new Error(`not served to begin with: ${unsettled(world)}`);
  let allowed = allowedSince(world, desiredVersions(world));
  const faults: string[] = [];
  const load = startLoad({
    clients: clientsOf(ids),
    perSecond: Number(values['per-second']),
    endpoint: endpointOf,
    allowed: () => allowed,
    now: clock.now,
    onFault: (told) => faults.push(told),
  });
  const startedAt = performance.now();
  const endsAt = startedAt + Number(values.minutes) * minuteMs;
  const stuck: string[] = [];
  let done = 0;
  for (; done < asked && performance.now() < endsAt; done += 1) {
    const rotation = rotationOf(done, ids);
    allowed = allowedSince(world, desiredVersions(world));
    const ended = await rotate(rotation);
    if (!ended) stuck.push(`${done + 1}, ${rotation.name}: ${unsettled(world).join(', ')}`);
    clock.advance(Number(values['hours-between']) * hourMs);
    const soFar = `${load.judged.length} handshakes, ${faults.length} faults`;
    console.error(
      `${done + 1} of ${asked}, ${rotation.name}: ${ended ? 'served' : 'stuck'}; ${soFar}`,
    );
  }
  await load.stop();
  const seconds = (performance.now() - startedAt) / secondMs;
  const rate = (load.judged.length / seconds).toFixed(1);
  console.log(tableOf(load.judged));
  console.log(`\n${done} of ${asked} rotations in ${seconds.toFixed(0)} s, ${rate} handshakes/s`);
  tell('faults', faults);
  tell('rotations that did not end within a day', stuck);
  return faults.length === 0 && stuck.length === 0 && done === asked;
}

/** Returns whether the rotation finished. */
async function rotate({ renews, change }: Rotation): Promise<boolean> {
  const before = desiredVersions(world);
  if (change) await world.reconfigure(change);
  const force = { certificates: renews, force: true, reason: 'the bench rotates it' };
  await world.check(change ? {} : force);
  return settled(() => {
    const now = desiredVersions(world);
    return renews.every((id) => now.get(id) !== before.get(id));
  });
}

/** Runs until every target has proven the desired version; false where that takes too long. */
async function settled(isRenewed: () => boolean = () => true): Promise<boolean> {
  const end = clock.now().getTime() + longestRotationMs;
  while (!isRenewed() || unsettled(world).length > 0) {
    if (clock.now().getTime() > end) return false;
    await world.live(10 * minuteMs);
  }
  return true;
}

function endpointOf({ balancer }: Client) {
  const { balancers } = world.cloud;
  const key = [...balancers.bound().keys()].find((each) => each.includes(`busy-${balancer}:`));
  const [name = '', port] = key?.split(':') ?? [];
  return { addresses: balancers.nodes(name), port: Number(port) };
}

function tell(what: string, lines: readonly string[]): void {
  if (lines.length === 0) return;
  console.log(`\n${lines.length} ${what}:`);
  for (const line of lines.slice(0, mostTold)) console.log(`  ${line}`);
  if (lines.length > mostTold) console.log(`  and ${lines.length - mostTold} more`);
}
