import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import { ListHostedZonesCommand, Route53Client } from '@aws-sdk/client-route-53';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { shakeHands } from 'local-cloud/handshake.ts';
import {
  importInput,
  type MadeCertificate,
  makeCertificate,
} from 'local-cloud/kit/certificates.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { putForeignTxt } from '#local/demo/foreign-txt.ts';
import { dnsResolver } from '#shared/deploy/probe/resolver.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

const region = 'us-east-1';
const atListener = (name: string) => `targets: [{type: alb, listener: "${listenerArn(name)}"}]`;
const later = `targets: [{type: alb, listener: "${listenerArn('planted')}"}]`;

/** One certificate for each attempt, so that one world is enough for all attempts of an actor. */
const source = configText(`
  asked: {names: [asked.example.com], issuer: local}
  bound: {names: [bound.example.com], issuer: local, ${atListener('bound')}}
  called: {names: [called.example.com], issuer: local, ${atListener('called')}}
  silent: {names: [silent.example.com], issuer: local, ${atListener('silent')}}
  cleaned: {names: [cleaned.example.com], issuer: local}
  told: {names: [told.example.com], issuer: local, ${atListener('told')}}
  copied: {names: [copied.example.com], issuer: local, ${atListener('copied')}}
  planted: {names: [planted.example.com], issuer: local}
  forced: {names: [forced.example.com], issuer: local}
`).replace(
  '  - type: route53\n',
  `  - type: route53
  - type: alb-http01
    listener: "${listenerArn('web', 'a')}"
    rule: permanent
    priority: 7
    selector: {dnsNames: [web.example.com]}
`,
);

export const ownSecret = 'certkeep/asked';

export const foreignTxt = {
  name: '_acme-challenge.cleaned.example.com',
  value: 'a value of somebody else',
  zoneId: (world: World) => stagedIn(world).zoneId,
};

type Staged = {
  readonly zoneId: string;
  readonly accountSecret: string;
  readonly otherTeam: MadeCertificate & { readonly arn: string };
  readonly twins: Map<string, Twin>;
};
/** A look-alike, and the time when it was made. */
type Twin = { readonly made: Promise<MadeCertificate>; readonly since: Date };
const staged = new WeakMap<World, Staged>();

function stagedIn(world: World): Staged {
  const found = staged.get(world);
  if (!found) throw new Error('this world has no stage');
  return found;
}

export const otherTeam = (world: World) => stagedIn(world).otherTeam;
export const accountSecret = (world: World) => stagedIn(world).accountSecret;

/**
 * Starts a world in which everything is issued and served; another team has a certificate and a TXT value in it.
 * Certificates live for six days.
 */
export async function startStage(): Promise<World> {
  const world = await startWorld(source, { mayDeny: true, ca: { validityMs: 6 * dayMs } });
  await world.check();
  await world.live(hourMs / 6);
  const client = operatorClient(world.cloud, region);
  const made = await makeCertificate({
    names: ['bound.example.com', 'team.example.com'],
    now: world.clock.now(),
  });
  const { CertificateArn: arn = '' } = await new ACMClient(client).send(
    new ImportCertificateCommand(importInput(made)),
  );
  const { HostedZones = [] } = await new Route53Client(client).send(new ListHostedZonesCommand({}));
  const secrets = new SecretsManagerClient(client);
  const { SecretList = [] } = await secrets.send(new ListSecretsCommand({}));
  const account = SecretList.find(({ Name }) => Name?.startsWith('certkeep-accounts/'));
  staged.set(world, {
    zoneId: HostedZones[0]?.Id?.replace('/hostedzone/', '') ?? '',
    accountSecret: account?.Name ?? '',
    otherTeam: { ...made, arn },
    twins: new Map(),
  });
  await putForeignTxt(world.cloud, region, foreignTxt);
  // A load balancer knows a certificate only some seconds after ACM does.
  world.clock.advance(minuteMs);
  return world;
}

/**
 * Adds the listener of `planted` to the file, and passes more than a lifetime: an hour in small steps, then in steps of
 * some hours.
 */
export async function goOn(world: World, look: () => Promise<void>): Promise<void> {
  await world.reconfigure(withTarget);
  const steps = [...Array(6).fill(hourMs / 6), ...Array(14).fill(12 * hourMs)];
  for (const ms of steps) {
    world.clock.advance(ms);
    // Somebody's writing may make it fail.
    await world.dispatcher.invoke('check', {});
    await world.dispatcher.invoke('verify', { sweep: true });
    await world.settle();
    await look();
  }
}

function withTarget(text: string): string {
  const [before, after = ''] = text.split(/(?=^ {2}planted:)/m);
  return `${before}${after.replace(/issuer: local\n?/, (line) => `${line.trimEnd()}\n    ${later}\n`)}`;
}

/** Creates a certificate of another CA, with the serial, the names and the end of ours. */
export function lookAlike(world: World, id: string): Twin {
  const { twins } = stagedIn(world);
  const known = twins.get(id);
  if (known !== undefined) return known;
  const version = world.record(id).versions.at(-1);
  if (!version) throw new Error(`${id} has no version`);
  const { serial, names, notBefore, notAfter } = version;
  const life = { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
  const made = makeCertificate({ serial, names, ...life });
  const twin = { made, since: world.clock.now() };
  twins.set(id, twin);
  return twin;
}

/** Says whether every endpoint of a certificate serves exactly this one. */
export async function isServed(world: World, id: string, made: MadeCertificate): Promise<boolean> {
  const resolve = dnsResolver({ servers: [world.cloud.dns.address] });
  const endpoints = Object.values(world.record(id).deployments).flatMap(
    ({ endpoint }) => endpoint ?? [],
  );
  const { names = [] } = world.record(id).versions.at(-1) ?? {};
  const wanted = made.certificatePem.replaceAll(/\s/g, '');
  for (const { host, port } of endpoints) {
    for (const address of await resolve(host)) {
      const asked = { host: address, port, servername: names[0] ?? null, family: null };
      const served = await shakeHands({ ...asked, timeoutMs: 5_000 });
      if (served.toString().replaceAll(/\s/g, '') !== wanted) return false;
    }
  }
  return endpoints.length > 0;
}
