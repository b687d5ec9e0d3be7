import type { OutsideCall } from 'local-cloud/faults.ts';
import { randomOf, seedJitter } from 'local-cloud/kit/determinism.ts';
import type { Held, Position } from '#shared/targets/target.ts';
import { secondMs } from '#shared/time/clock.ts';
import type { Act, Story } from './act.ts';
import type { Acted, Change } from './acted.ts';
import { carryOut, deploymentAt } from './acts.ts';
import { gapsIn } from './rules/clients.ts';
import { violationsOf } from './rules.ts';
import { type Handshaken, type Scene, setScene } from './scene.ts';

export type Played = {
  readonly violations: readonly string[];
  readonly acts: readonly Acted[];
};

const changing =
  /^(ModifyListener|AddListenerCertificates|RemoveListenerCertificates|SetLoadBalancerListenerSSLCertificate)$/;

/** Plays a story, and says what of it was not as it should be. */
export async function play(story: Story): Promise<Played> {
  seedJitter(randomOf(story.seed));
  const scene = await setScene(story);
  try {
    return await playActs(scene);
  } finally {
    await scene.lab.close();
  }
}

async function playActs(scene: Scene): Promise<Played> {
  const { story, lab, world } = scene;
  const all: Change[] = [];
  const acts: Acted[] = [];
  const violations: string[] = [];
  let { position } = story;
  let before = await scene.handshakes();
  let isTouched = false;
  violations.push(...instrument(scene, before));
  for (const [at, act] of story.acts.entries()) {
    if (act.do === 'move') position = act.position;
    const [heldBefore, told, changed] = [scene.held(), world.events.length, all.length];
    const deploymentBefore = await deploymentAt(scene, position);
    const gaps = watched(scene, act);
    const soon = await playAct(scene, act, { at, position, all, between: gaps.between });
    // Nodes hear of the last change.
    await lab.clock.sleep(10 * secondMs);
    const after = await scene.handshakes();
    const made = madeOf(all.splice(changed), scene.held());
    all.push(...made);
    isTouched ||= act.change !== null;
    const acted: Acted = {
      ...{ act, position, before, after, heldBefore, deploymentBefore, isTouched },
      held: scene.held(),
      changes: made,
      allChanges: all,
      deployment: await deploymentAt(scene, position),
      isLeft: soon === 'left',
      record: await world.record(),
      events: world.events.slice(told),
    };
    acts.push(acted);
    violations.push(...gaps.found);
    const found = violationsOf(scene, acted, at === story.acts.length - 1);
    violations.push(...found.map((each) => `act ${at + 1} (${act.do}): ${each}`));
    before = after;
  }
  return { violations, acts };
}

type Playing = {
  readonly at: number;
  readonly position: Position;
  readonly all: Change[];
  /** Told what the listener holds before each call. */
  readonly between: (held: Held) => void;
};

async function playAct(
  scene: Scene,
  act: Act,
  { at, position, all, between }: Playing,
): Promise<'left' | null> {
  const { lab } = scene;
  let calls = 0;
  lab.faults.watch = (call) => {
    if (call.service !== 'elbv2' && call.service !== 'elb') return;
    calls += 1;
    between(scene.held());
    if (act.change && act.atCall === calls) scene.change(act.change);
    if (changing.test(call.operation)) all.push(changeOf(scene, call));
  };
  return carryOut(scene, act, { at, position });
}

/** Without those that the load balancer has refused, as where its list is full. */
function madeOf(asked: readonly Change[], held: Held): readonly Change[] {
  const seen = (at: number) => JSON.stringify(asked[at]?.was ?? held);
  return asked.filter((_, at) => seen(at) !== seen(at + 1));
}

function changeOf(scene: Scene, { operation, input }: OutsideCall): Change {
  const given = input as {
    Certificates?: readonly { CertificateArn?: string }[];
    SSLCertificateId?: string;
  };
  const arn = given.Certificates?.[0]?.CertificateArn ?? given.SSLCertificateId ?? '';
  return { operation, arn, was: scene.held(), at: scene.lab.clock.now() };
}

/** What is played is what the local balancer's rules say, before any of it is ours. */
function instrument(scene: Scene, seen: readonly Handshaken[]): readonly string[] {
  const expected = scene.served(scene.held());
  return seen.flatMap(({ leaf, name, family }, at) =>
    leaf?.serialNumber === expected[at]?.leaf?.serialNumber
      ? []
      : [
          `before the story ${name} (${family}) got ${leaf?.subject}, not ${expected[at]?.leaf?.subject}`,
        ],
  );
}

/** While certkeep changes a listener, nobody is without a certificate who had one before, by the local balancer's rules. */
function watched(scene: Scene, act: Act) {
  const found: string[] = [];
  const before = scene.served(scene.held());
  let last = JSON.stringify(scene.held());
  function between(held: Held) {
    const text = JSON.stringify(held);
    if (text === last || act.change) return;
    last = text;
    found.push(...gapsIn(scene, before, scene.served(held), act));
  }
  return { found, between };
}
