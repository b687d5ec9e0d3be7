import { type Choice, type ChoiceCertificate, chosenFor } from '#shared/deploy/choice/choice.ts';
import { serverNames } from '#shared/deploy/probe/ask.ts';
import { familyOf, type KeyAlgorithm } from '#shared/key-algorithm.ts';
import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';
import { coveringWildcard } from '../../names.ts';
import type { Bound, Meeting } from './meeting.ts';
import { sharedNameFinding } from './shared-name-words.ts';

/** All certificates are new, and equally old: the file says nothing of that, and of no hash. */
const alike = { hashBits: 256, notBefore: new Date(0), notAfter: new Date(1) };
const now = new Date(0);

/** Of a crowd for one name a few say enough. */
const mostRivals = 5;

/** Two certificates of one listener of which only one gets to the clients of a name, or nobody knows which. */
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
      if (target.type !== 'alb') continue;
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

/** From the last of the file to the first, each pair once: who comes later meets who was there. */
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

/** Who answers clients of a certificate's own family; null where nobody else can. Asks only those that have the name. */
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
