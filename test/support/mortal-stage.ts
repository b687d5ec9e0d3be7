import { type DeployOutcome, deploy } from '#shared/deploy/deploy.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Target } from '#shared/targets/target.ts';
import { place, type Stage } from './deploy-stage.ts';

const never = new Promise<never>(() => undefined);

/**
 * A deploy of the stage that dies right after its `diesAfter`-th effect, its answer unheard: a write of the
 * record, an import, or a change of a listener.
 */
export async function mortalDeploy(
  stage: Stage,
  diesAfter: number,
): Promise<DeployOutcome | 'died'> {
  let effects = 0;
  let isDead = false;
  let die: (outcome: 'died') => void = () => undefined;
  const death = new Promise<'died'>((resolve) => {
    die = resolve;
  });

  /** Nothing happens in a process that is dead, and nothing is heard of what it did last. */
  async function effect<T>(work: () => Promise<T>): Promise<T> {
    if (isDead) return never;
    const answer = await work();
    effects += 1;
    if (effects < diesAfter) return answer;
    isDead = true;
    die('died');
    return never;
  }

  const { objects, acm, clock } = stage;
  const mortalObjects: ObjectStore = {
    ...objects,
    get: (...asked) => (isDead ? never : objects.get(...asked)),
    putIf: (...given) => effect(() => objects.putIf(...given)),
  };
  const mortal = (target: Target): Target => ({
    ...target,
    look: () => (isDead ? never : target.look()),
    tags: () => (isDead ? never : target.tags()),
  });
  for (const target of stage.targets) target.within(effect);
  const ports = {
    ...stage.ports,
    ledger: s3Ledger({ objects: mortalObjects, clock, writer: 'deploy' }),
    certificateManagerFor: () => ({
      ...acm,
      import: (request: Parameters<typeof acm.import>[0]) => effect(() => acm.import(request)),
    }),
    targetsOf: () => stage.ports.targetsOf().map(mortal),
  };
  const work = deploy(ports, { certificate: 'shop', place }, stage.invocation());
  const outcome = await Promise.race([work, death]);
  for (const target of stage.targets) target.within((step) => step());
  return outcome;
}
