import type { Config } from '#shared/config/config.ts';
import { placesOf } from '#shared/targets/identities.ts';
import { rehearsable } from './landscape/staging.ts';

/** What this machine has in place of what the configuration names, a line each. */
export function standIns(
  { alerts, certificates, home, issuers, keyStore, solvers }: Config,
  ca: string,
): readonly string[] {
  const used = new Set(certificates.flatMap((certificate) => certificate.issuers));
  const directories = new Map<string, string[]>();
  for (const [name, { directory }] of Object.entries(issuers)) {
    if (!used.has(name)) continue;
    const host = URL.parse(directory)?.host ?? directory;
    directories.set(host, [...(directories.get(host) ?? []), name]);
  }
  const rehearsing = rehearsable({ issuers }).filter((name) => used.has(name));
  const places = new Set(certificates.flatMap((each) => placesOf(each, home)));
  const isHttp = solvers.some(({ type }) => type === 'alb-http01');
  const foreign = new Set(
    solvers.map(({ type }) => type).filter((type) => type !== 'route53' && type !== 'alb-http01'),
  );
  const hasOtherRoles = solvers.some((solver) => solver.type === 'route53' && solver.roleArn);
  const count = places.size === 1 ? 'one place' : `${places.size} places`;
  const people = alerts.email.length;
  return [
    ...[...directories].map(([host, names]) => `${names.join(', ')} (${host}) -> ${ca}`),
    ...(rehearsing.length > 0
      ? [`staging of ${rehearsing.join(', ')} -> another CA in this process`]
      : []),
    ...[...foreign].map((type) => `DNS at ${type} -> a local Route 53 zone`),
    ...(hasOtherRoles ? ['zones of other accounts -> local Route 53 zones'] : []),
    ...(isHttp ? ['HTTP listeners of solvers -> local load balancers'] : []),
    ...(places.size > 0 ? [`ACM and load balancers in ${count} -> local ones, on high ports`] : []),
    ...madeUpSecrets({ alerts, issuers }),
    ...(keyStore?.kmsKey ? ['your KMS key for the secrets -> a local one'] : []),
    ...(alerts.snsTopic ? ['your SNS topic -> a local one'] : []),
    ...(people > 0
      ? [`mail to ${people === 1 ? 'one address' : `${people} addresses`} -> printed here`]
      : []),
  ];
}

function madeUpSecrets({ alerts, issuers }: Pick<Config, 'alerts' | 'issuers'>): readonly string[] {
  const bound = Object.entries(issuers).filter(([, each]) => each.externalAccountBinding);
  const names = bound.map(([name]) => name).join(', ');
  return [
    ...(names === '' ? [] : [`external account of ${names} -> made up`]),
    ...(alerts.heartbeat ? ['the heartbeat service -> one that answers here'] : []),
  ];
}

/** What ACM allows in one account and region, in seconds for an import. */
const secondsAnImport = 1.1;
/** Fewer are done before anybody wonders. */
const manyImports = 30;

/** Says how long the imports will take; null where that is no time. */
export function paceText({
  certificates,
  home,
}: Pick<Config, 'certificates' | 'home'>): string | null {
  const counts = new Map<string, number>();
  for (const certificate of certificates) {
    for (const place of placesOf(certificate, home)) {
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  const most = Math.max(0, ...counts.values());
  if (most < manyImports) return null;
  const minutes = Math.ceil((most * secondsAnImport) / 60);
  return `${most} imports at ACM's pace of one a second for each account and region take about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`;
}
