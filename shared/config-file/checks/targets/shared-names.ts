import { type Choice, type ChoiceCertificate, chosenFor } from '#shared/deploy/choice/choice.ts';
import { serverNames } from '#shared/deploy/probe/ask.ts';
import { familyOf, type KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { hasList } from '#shared/targets/elbv2/facts.ts';
import type { Draft } from '../../draft.ts';
import { coveringWildcard } from '../../names.ts';
import type { Bound, Meeting } from './meeting.ts';
import { sharedNameFinding } from './shared-name-words.ts';

/** Treats all certificates as new and equally old, since the file says nothing of their age or hash. */
const alike = { hashBits: 256, notBefore: new Date(0), notAfter: new Date(1) };
const now = new Date(0);

/** Where many share one name, a few examples are enough. */
const mostRivals = 5;

/** Finds two certificates of one listener where only one reaches the clients of a name, or where AWS does not say which. */
export function namesHaveOneAnswer(draft: Draft): readonly Finding[] {
  return [...listenersOf(draft)].flatMap(([listener, bound]) => {
    const isTaken = bound.some(({ position }) => position !== 'sni');
    return meetingsAt(bound).map((meeting) => sharedNameFinding(listener, meeting, isTaken));
  });
}

function listenersOf({ certificates }: Draft): ReadonlyMap<string, readonly Bound[]> {
  const listeners = new Map<string, Bound[]>();
  for (const { id, names, key, targets } of certificates) {
    if (key === null) continue;
    const chosenBy = candidate(
      id,
      names.map(({ value }) => value),
      key,
    );
    for (const { at, value: target } of targets) {
      if (!hasList(target)) continue;
      const path = ['certificates', id, 'targets', at];
      const bound = listeners.get(target.listener) ?? [];
      listeners.set(target.listener, bound);
      bound.push({ id, path, position: target.certificate, chosenBy });
    }
  }
  return listeners;
}

function candidate(arn: string, names: readonly string[], key: KeyAlgorithm): Bound['chosenBy'] {
  const keyBits = Number(/\d+$/.exec(key)?.[0]);
  return { arn, names, keyFamily: familyOf(key), keyBits, ...alike };
}

/** Compares each pair once, from the last of the file to the first: a later entry meets the earlier ones. */
function meetingsAt(bound: readonly Bound[]): readonly Meeting[] {
  const choose = chooserAt(bound);
  const byId = new Map(bound.map((each) => [each.id, each]));
  const meetings = new Map<string, Meeting>();
  for (const of of bound.toReversed()) {
    for (const name of of.chosenBy.names) {
      const choice = choose(of, name);
      const among = choice === null ? [] : idsIn(choice);
      const mayAnswer = among.includes(of.id);
      for (const id of among.filter((each) => each !== of.id).slice(0, mostRivals)) {
        const by = byId.get(id);
        if (!by || meetings.has(`${id} ${of.id}`)) continue;
        const known = meetings.get(`${of.id} ${id}`);
        const names = [...new Set([...(known?.names ?? []), name])];
        meetings.set(`${of.id} ${id}`, { of, by, names, mayAnswer });
      }
    }
  }
  return [...meetings.values()];
}

function idsIn(choice: Choice): readonly string[] {
  return choice.is === 'certificate' ? [choice.arn] : choice.among;
}

/**
 * Finds who answers clients of a certificate's own key family; null where nobody else can. It asks only certificates with
 * the name.
 */
function chooserAt(bound: readonly Bound[]): (of: Bound, name: string) => Choice | null {
  const standard = bound.find(({ position }) => position !== 'sni')?.chosenBy ?? null;
  const listed = listedByName(bound);
  const known = new Map<string, Choice>();
  return ({ chosenBy }, name) => {
    const [serverName = name] = serverNames([name]);
    const names = [serverName, coveringWildcard(serverName)];
    const list = names.flatMap((each) => listed.get(each) ?? []);
    if (list.every((each) => each === chosenBy)) return null;
    const families = [chosenBy.keyFamily];
    const question = `${serverName} ${families}`;
    const held = { default: standard, list };
    const choice = known.get(question) ?? chosenFor('alb', held, { serverName, families }, now);
    known.set(question, choice);
    return choice;
  };
}

function listedByName(bound: readonly Bound[]): ReadonlyMap<string, readonly ChoiceCertificate[]> {
  const listed = new Map<string, ChoiceCertificate[]>();
  for (const { chosenBy, position } of bound) {
    if (position === 'default') continue;
    for (const name of new Set(chosenBy.names)) {
      const having = listed.get(name) ?? [];
      listed.set(name, having);
      having.push(chosenBy);
    }
  }
  return listed;
}
