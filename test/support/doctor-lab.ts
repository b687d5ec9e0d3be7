import { type CloudOptions, startCloud } from 'local-cloud/cloud.ts';
import type { Statement } from 'local-cloud/kit/iam-lab.ts';
import { operator, operatorClient } from 'local-cloud/operator.ts';
import { homeAccount, roleSession } from 'local-cloud/wire/accounts.ts';
import { awsAsCaller } from '#cli/aws/callers.ts';
import type { Check, Finding, Subject } from '#cli/prepare/doctor/check.ts';
import { issuersRead, lookAtIssuer } from '#cli/prepare/doctor/command.ts';
import { examine } from '#cli/prepare/doctor/examine.ts';
import { buildLandscape, readBack } from '#local/demo/landscape.ts';
import { remembering } from '#shared/dns/dns-client.ts';
import { nodeDnsClient } from '#shared/dns/node-dns-client.ts';
import { httpGet } from '#shared/solvers/alb-http01/http-get.ts';
import { systemClock } from '#shared/time/clock.ts';

export type DoctorLab = Awaited<ReturnType<typeof doctorLab>>;

/** Calls of an unregistered key are those of somebody with every right. */
const person = { accessKeyId: operator.accessKeyId, secretAccessKey: operator.secretAccessKey };

/** A local cloud with the surroundings of a configuration, before anything of certkeep is installed. */
export async function doctorLab(
  text: string,
  {
    consoleMade = [],
    ...options
  }: Pick<CloudOptions, 'ca'> & { readonly consoleMade?: readonly string[] } = {},
) {
  const cloud = await startCloud({
    clock: systemClock,
    consistency: {
      route53InsyncMs: 0,
      balancerSpreadMs: [0],
      replicationMs: 0,
      acmListLagMs: 0,
      acmInUseByLagMs: 0,
      elbCertificateLagMs: 0,
    },
    acmLimits: { importsPerSecond: Number.POSITIVE_INFINITY },
    ...options,
  });
  const { directoryUrl, rootPem } = cloud.ca;
  const written = readBack(text);
  const landscape = await buildLandscape(
    cloud,
    { text: written.configText, config: written.config, consoleMade },
    { directoryUrl, rootPem },
    systemClock,
  );

  async function subjectOf(configText: string, credentials = person): Promise<Subject> {
    const { config } = readBack(configText);
    const { endpoint } = cloud;
    const connection = { endpoint, credentials };
    return {
      ...(await awsAsCaller({ clock: systemClock, connection, region: config.home.region })),
      config,
      file: 'certkeep.yaml',
      clock: systemClock,
      isLocal: true,
      dns: remembering(nodeDnsClient({ resolver: cloud.dns.address })),
      get: httpGet,
      aboutIssuer: issuersRead(lookAtIssuer),
    };
  }

  let roles = 0;
  return {
    cloud,
    /** The configuration as it is in the local cloud. */
    configText: landscape.configText,
    subjectOf,
    /** What one check says of a configuration, in the eyes of somebody. */
    async findings(
      check: Check,
      configText = landscape.configText,
      credentials = person,
    ): Promise<readonly Finding[]> {
      const subject = await subjectOf(configText, credentials);
      return (await examine([check], subject)).flatMap(({ findings }) => findings);
    },
    /** The credentials of somebody who may do just this. */
    as(statements: readonly Statement[], account = homeAccount) {
      roles += 1;
      const role = `arn:aws:iam::${account}:role/person-${roles}`;
      cloud.iam.putRole({
        arn: role,
        trustPolicy: { Version: '2012-10-17', Statement: [] },
        policies: [{ name: 'all', document: { Version: '2012-10-17', Statement: statements } }],
      });
      const identity = roleSession({ role, sessionName: 'me', caller: null });
      if (!identity) throw new Error(`${role} is no role`);
      const accessKeyId = `AKIAPERSON${roles}`;
      cloud.accounts.register(accessKeyId, identity);
      return { accessKeyId, secretAccessKey: 'local' };
    },
    operatorIn: (region: string, account = homeAccount) => operatorClient(cloud, region, account),
    close: () => cloud.close(),
  };
}

/** `wrong: text`, one line a finding. */
export function lines(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ mark, text }) => `${mark}: ${text}`);
}
