import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Call, follow } from './path/follow.ts';
import { jumpsIn, walkOf } from './path/walk.ts';

/**
 * Counts how often somebody who reads shared/deploy/ along the path of one renewal, from a deploy message to the proof, comes
 * back to a file that he has left (`path/walk.ts` defines the count). It plays two renewals of one certificate at one ALB
 * listener, on doubles in memory: one onto the ARN that the listener has, and one onto a new ARN, since its key is of another
 * type. `--json` prints one object, `--jumps` every jump, and `--tree` measures another checkout.
 */
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    jumps: { type: 'boolean', default: false },
    tree: { type: 'string', default: `${import.meta.dirname}/..` },
  },
});
const tree = pathToFileURL(`${options.tree}/`);
const product = new URL('shared/', tree);

let calls: Call[] = [];
follow({ folder: new URL('deploy/', product), product }, ['deploy', 'verify'], (call) =>
  calls.push(call),
);

/** The methods of the deploy tests' rig that are used here; every measured checkout has them. */
type Stage = {
  readonly clock: { advance(ms: number): void };
  issue(id: string, change?: { readonly keyAlgorithm: 'rsa-2048' }): Promise<void>;
  deploy(): Promise<unknown>;
  verify(): Promise<unknown>;
  states(): Promise<readonly string[]>;
};
const rig = await import(new URL('test/support/deploy-stage.ts', tree).href);
const stage: Stage = rig.deployStage();

const twoMonthsMs = 60 * 24 * 3_600_000;

await stage.issue('v1');
await untilProof();
const walks = {
  ontoItsArn: await renewal('v2'),
  ontoNewArn: await renewal('v3', { keyAlgorithm: 'rsa-2048' }),
};

if (options.json) console.log(JSON.stringify(walks));
else {
  for (const [name, { returnsTo, ...counts }] of Object.entries(walks)) {
    console.log(
      name,
      counts,
      Object.entries(returnsTo).map((each) => each.join(' ')),
    );
  }
}

async function renewal(...issued: Parameters<Stage['issue']>) {
  stage.clock.advance(twoMonthsMs);
  await stage.issue(...issued);
  calls = [];
  await untilProof();
  if (options.jumps) {
    for (const { from, to, name } of jumpsIn(calls)) console.log(`${from} -> ${to} ${name}`);
  }
  return walkOf(calls);
}

async function untilProof(): Promise<void> {
  await stage.deploy();
  await stage.verify();
  const states = await stage.states();
  if (states.some((state) => state !== 'proven')) throw new Error(`not proven: ${states}`);
}
