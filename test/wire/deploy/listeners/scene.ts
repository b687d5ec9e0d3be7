import type { X509Certificate } from 'node:crypto';
import { type KeyFamily, shakeHands } from 'local-cloud/handshake.ts';
import {
  importInput,
  type MadeCertificate,
  makeCertificate,
} from 'local-cloud/kit/certificates.ts';
import { offeredCertificates } from 'local-cloud/load-balancers/certificate-choice.ts';
import type { AcmCertificate } from 'local-cloud/services/acm/certificate.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { isCovered } from '#shared/deploy/choice/covered-names.ts';
import type { TargetConfig } from '#shared/targets/specs.ts';
import type { Held, Position } from '#shared/targets/target.ts';
import { addMs, dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { type DeployWorld, deployWorld } from '#test/support/deploy-world.ts';
import { type Foreign, type HandChange, rulesOf, type Story } from './act.ts';
import { changeByHand, isTaken, person } from './by-hand.ts';
import { everyName, mostListed } from './story.ts';

const balancerName = 'shop';

/** The stage of one story: a lab with its load balancer, what stands on it, and what a person has done to that. */
export type Scene = {
  readonly story: Story;
  readonly lab: DeployLab;
  readonly world: DeployWorld;
  targetAt(position: Position): TargetConfig;
  /** The ARNs of the story's certificates, in its order. */
  readonly foreign: readonly string[];
  held(): Held;
  /** What the listener would hold had nobody but people changed it. */
  untouched(): Held;
  /** When a person changed it last. */
  touchedAt(): Date;
  /** Carries a change out, if the load balancer takes it. */
  change(by: HandChange): void;
  handshakes(): Promise<readonly Handshaken[]>;
  /** What clients would get from it by the rules of the local balancer. */
  served(held: Held): readonly Handshaken[];
};

type Client = { readonly name: string | null; readonly family: KeyFamily | null };

/** What one client got; `leaf` is null where it was refused. */
export type Handshaken = Client & { readonly leaf: X509Certificate | null };

function clientsOf({ names, foreign }: Story): readonly Client[] {
  const known = [names, ...foreign.map((each) => each.names)];
  const asked = everyName.filter((name) => known.some((each) => isCovered(name, each)));
  const named = asked.flatMap((name) => families.map((family) => ({ name, family })));
  return [...named, { name: null, family: null }];
}

const families = ['ecdsa', 'rsa', null] as const;

/** The same ones for every story: each lab begins at the same time. */
const made = new Map<string, Promise<MadeCertificate>>();
const setUpMs = 2 * hourMs;
const lifeMs = { before: hourMs, soon: setUpMs + 20 * hourMs, later: 80 * dayMs };

function madeFor({ names, key, ends }: Foreign, now: Date, at: number): Promise<MadeCertificate> {
  const id = `${names} ${key} ${ends} ${at}`;
  const certificate =
    made.get(id) ?? makeCertificate({ names, key, now, notAfter: addMs(now, lifeMs[ends]) });
  made.set(id, certificate);
  return certificate;
}

export async function setScene(story: Story): Promise<Scene> {
  const lab = await deployLab({ maxCertificates: mostListed });
  const { clock } = lab;
  const foreign: string[] = [];
  for (const [at, each] of story.foreign.entries()) {
    const input = importInput(await madeFor(each, clock.now(), at % 2));
    const { CertificateArn } = ask<{ CertificateArn: string }>(
      lab.certificates,
      'ImportCertificate',
      input,
      person,
    );
    foreign.push(CertificateArn);
  }
  clock.advance(minuteMs);
  const arnOf = (index: number) => foreign[index] as string;
  const { port, resource } = await build(lab, story, arnOf(story.standard));
  let untouched: Held = { default: arnOf(story.standard), list: [] };
  const targetAt = (certificate: Position): TargetConfig =>
    story.kind === 'clb'
      ? ({ type: 'clb', loadBalancer: balancerName, port } as TargetConfig)
      : { type: story.kind, listener: resource, certificate };
  const world = deployWorld(lab, [targetAt(story.position)], {
    names: story.names,
    retryDelaysMs: [minuteMs, 10 * minuteMs, 100 * minuteMs, dayMs],
  });
  const clients = clientsOf(story);
  let touchedAt = clock.now();
  const scene: Scene = {
    ...{ story, lab, world, targetAt, foreign },
    held() {
      const bound = [...lab.balancers.bound().values()][0];
      return { default: bound?.default.arn ?? null, list: bound?.list.map(({ arn }) => arn) ?? [] };
    },
    untouched: () => untouched,
    touchedAt: () => touchedAt,
    change(by) {
      const arn = by.do === 'unlist-ours' ? scene.held().list.find(isOurs) : arnOf(by.foreign);
      if (
        arn === undefined ||
        !isTaken(() => changeByHand(lab, story, { by: by.do, resource, port, arn }))
      )
        return;
      untouched = after(untouched, by.do, arn);
      touchedAt = clock.now();
    },
    handshakes: () => Promise.all(clients.map((client) => shake(lab, port, client))),
    served: (held) =>
      clients.map((client) => ({ ...client, leaf: predicted(lab, story, held, client) })),
  };
  const isOurs = (arn: string) => !foreign.includes(arn);
  for (const index of story.list) scene.change({ do: 'list', foreign: index });
  clock.advance(setUpMs);
  return scene;
}

async function build(lab: DeployLab, { kind }: Story, standard: string) {
  if (kind === 'clb') {
    return { resource: balancerName, port: await lab.createClb(balancerName, standard) };
  }
  const { listener, port } = await lab.createListener(kind, balancerName, standard);
  return { resource: listener, port };
}

function after(held: Held, by: HandChange['do'], arn: string): Held {
  const others = held.list.filter((each) => each !== arn);
  if (by === 'set-default') return { ...held, default: arn };
  return { ...held, list: by === 'list' ? [...others, arn] : others };
}

/** At the node that hears of changes last. */
async function shake(lab: DeployLab, port: number, client: Client): Promise<Handshaken> {
  const host = lab.balancers.nodes(balancerName).at(-1) as string;
  const asked = {
    host,
    port,
    servername: client.name,
    family: client.family,
    timeoutMs: 10 * secondMs,
  };
  const leaf = await shakeHands(asked).catch(() => null);
  return { ...client, leaf };
}

function predicted(
  lab: DeployLab,
  story: Story,
  held: Held,
  client: Client,
): X509Certificate | null {
  const at = (arn: string) => lab.certificates.find(arn) as AcmCertificate;
  const now = lab.clock.now();
  const asked = { kind: rulesOf(story), serverName: client.name, seenAt: now, now };
  const offered = offeredCertificates(
    { default: at(held.default as string), list: held.list.map(at) },
    asked,
  );
  const usable = offered.find(
    ({ leaf }) => client.family === null || familyOf(leaf) === client.family,
  );
  return usable?.leaf ?? null;
}

export function familyOf({ publicKey }: X509Certificate): KeyFamily {
  return publicKey.asymmetricKeyType === 'ec' ? 'ecdsa' : 'rsa';
}

export function covers(leaf: X509Certificate, name: string): boolean {
  return leaf.checkHost(name) !== undefined;
}

/** Ours, as clients ask for them. Under a wildcard somebody else may have a certificate for a name of its own. */
export function ownNames({ names }: Story): readonly string[] {
  return names.map((name) => name.replace(/^\*\./, 'api.'));
}
