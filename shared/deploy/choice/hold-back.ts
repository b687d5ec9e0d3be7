import { CertkeepError } from '#shared/errors.ts';
import { familyOf } from '#shared/key-algorithm.ts';
import type { Target, TargetView } from '#shared/targets/target.ts';
import type { DeployContext, Look } from '../context.ts';
import type { HeldAt } from '../import/held-once.ts';
import { askNames, serverNames } from '../probe/ask.ts';
import type { Rearrangement } from '../rebind/arrangement.ts';
import { type Choice, chosenFor, type ListenerHoldings } from './choice.ts';
import { holdingsOf } from './holdings.ts';
import { abandonedBy, type Rival, rivalsIn } from './rivals.ts';
import { siblingOf } from './sibling.ts';

type Binding = {
  readonly look: Look;
  readonly arn: string;
  readonly change: Rearrangement;
  readonly heldAt: HeldAt;
};

/**
 * Throws if a certificate that we may not replace can still answer for one of our names after the binding: then nothing is
 * bound, and certkeep does not fight. Where AWS does not document who answers, the listener is asked.
 * @throws CertkeepError NameServedByAnother
 */
export async function checkRivals(run: DeployContext, binding: Binding): Promise<void> {
  const { look, arn, heldAt } = binding;
  const { after, leaving } = binding.change;
  if (look.view.kind === 'single' || after.list.every((each) => each === arn)) return;
  const asking = askingOf(run, look.view, arn);
  const [held, before] = [await holdingsOf(after, heldAt), await holdingsOf(look.view, heldAt)];
  const names = serverNames(held.list.flatMap((each) => each.names ?? []));
  const abandoned = abandonedBy({ before, after: held, leaving }, { ...asking, names });
  const foreign = await withoutOwn(run, [...rivalsIn(held, asking), ...abandoned]);
  const certain = foreign.find(({ doubt }) => doubt === null);
  const rival = certain ?? (await stillInDoubt(run, binding, foreign));
  if (rival) throw nameServedByAnother(look, rival);
}

/** Returns the certificate that answers for one of our names at a correctly bound listener; null where none does. */
export async function answeringRival(
  run: DeployContext,
  { look, arn, heldAt }: Omit<Binding, 'change'>,
): Promise<CertkeepError | null> {
  if (look.view.kind === 'single') return null;
  const held = await holdingsOf(look.view, heldAt);
  const [rival] = await withoutOwn(run, rivalsIn(held, askingOf(run, look.view, arn)));
  return rival ? nameServedByAnother(look, rival) : null;
}

export function askingOf({ version, clock }: DeployContext, { kind }: TargetView, arn: string) {
  const family = familyOf(version.keyAlgorithm);
  return { kind, arn, names: serverNames(version.names), family, now: clock.now() };
}

/** The people concerned hear of each rival once. */
function nameServedByAnother(
  { target, view }: { readonly target: Pick<Target, 'listener'>; readonly view: TargetView },
  rival: Rival,
): CertkeepError {
  const { arns, doubt } = rival;
  const who = arns.length > 0 ? arns.join(', ') : 'another certificate';
  const what = doubt === null ? `${who} answers` : `${who} may answer, since ${doubt},`;
  const message = `at ${view.name} ${what} for ${rival.name}; nothing was changed there`;
  const command = `aws elbv2 remove-listener-certificates --listener-arn ${target.listener} --certificates CertificateArn=${arns[0]}`;
  const nextStep = `Take the other certificate off the listener (${command}), or take the name out of this one. certkeep then binds it by itself.`;
  const once = `${rival.name} ${who}`;
  const isListed = arns[0] !== undefined && view.list.includes(arns[0]);
  return new CertkeepError(
    'NameServedByAnother',
    message,
    isListed ? { once, nextStep } : { once },
  );
}

/** Another certificate of this configuration answers as configured. */
async function withoutOwn(run: DeployContext, rivals: readonly Rival[]): Promise<readonly Rival[]> {
  const arns = [...new Set(rivals.flatMap((rival) => rival.arns))];
  const owned = await Promise.all(arns.map((arn) => siblingOf(run, arn)));
  const own = new Set(arns.filter((_, index) => owned[index] !== null));
  return rivals.filter(({ arns: held }) => held.length === 0 || held.some((arn) => !own.has(arn)));
}

/**
 * Returns the first name that another certificate may answer for, judged by the listener's answer today: where the default
 * answers, nothing in the list matches the name. An answer from the list says nothing about the other entries.
 */
async function stillInDoubt(
  run: DeployContext,
  { look, heldAt }: Binding,
  doubtful: readonly Rival[],
): Promise<Rival | null> {
  if (doubtful.length === 0) return null;
  const { view } = look;
  const family = familyOf(run.version.keyAlgorithm);
  const today = await holdingsOf(view, heldAt);
  for (const rival of doubtful) {
    const client = { serverName: rival.name, families: [family] };
    const others = without(today, rival.arns);
    const expected = chosenFor(view.kind, others, client, run.clock.now());
    const stands = standsIn(today, expected) && (await run.acm.fingerprintAt(expected.arn));
    const answers = await askNames(run.probe, view.endpoint, { servernames: [rival.name], family });
    const isClear =
      stands &&
      answers.length > 0 &&
      answers.every((each) => each.outcome === 'answered' && each.fingerprintSha256 === stands);
    if (!isClear) return rival;
  }
  return null;
}

function standsIn(
  { default: standard, list }: ListenerHoldings,
  choice: Choice,
): choice is Extract<Choice, { is: 'certificate' }> {
  if (choice.is !== 'certificate' || choice.arn !== standard?.arn) return false;
  return list.every(({ arn }) => arn !== choice.arn);
}

function without(held: ListenerHoldings, arns: readonly string[]): ListenerHoldings {
  return { ...held, list: held.list.filter(({ arn }) => !arns.includes(arn)) };
}
