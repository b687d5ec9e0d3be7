import { expect } from 'vitest';
import { imported } from '#cloud/kit/clouds/certificates.ts';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A Regional domain name with a certificate. */
async function regional(cloud: CloudUnderTest) {
  const { apiGateway } = clientsOf(cloud);
  const domainName = `${uniqueName('api')}.example.com`;
  const { arn } = await imported(cloud, { key: 'rsa-2048', names: [domainName] });
  // One is created in 30 seconds.
  if (cloud.name === 'local') await cloud.waits.untilConsistent();
  await apiGateway.createDomainName({
    domainName,
    regionalCertificateArn: arn,
    endpointConfiguration: { types: ['REGIONAL'] },
    tags: { team: 'web' },
  });
  return { apiGateway, arn, domainName };
}

export const apiGatewayDomains: ScenarioGroup = {
  title: 'API Gateway, domain names',
  scenarios: {
    'a domain name shows its certificate, endpoint, state and tags': async (cloud) => {
      const { apiGateway, arn, domainName } = await regional(cloud);
      const shown = await apiGateway.getDomainName({ domainName });
      expect(shown).toMatchObject({
        domainName,
        regionalCertificateArn: arn,
        domainNameStatus: 'AVAILABLE',
        tags: { team: 'web' },
      });
      expect(shown.endpointConfiguration?.types).toEqual(['REGIONAL']);
      expect(shown.regionalDomainName).toMatch(/^d-\w+\.execute-api\.us-east-1\.amazonaws\.com/);
    },
    'a domain name that is not there is not found': async (cloud) => {
      const { apiGateway } = clientsOf(cloud);
      const answer = apiGateway.getDomainName({ domainName: `${uniqueName('gone')}.example.com` });
      await refused(answer, 'NotFoundException');
    },
    'domain names are listed': async (cloud) => {
      const { apiGateway, domainName } = await regional(cloud);
      const { items = [] } = await apiGateway.getDomainNames({ limit: 500 });
      expect(items.map((each) => each.domainName)).toContain(domainName);
    },
    'a replaced certificate is shown': async (cloud) => {
      const { apiGateway, domainName } = await regional(cloud);
      const { arn: value } = await imported(cloud, { key: 'rsa-2048', names: [domainName] });
      const path = '/regionalCertificateArn';
      const patchOperations = [{ op: 'replace', path, value } as const];
      await apiGateway.updateDomainName({ domainName, patchOperations });
      const shown = await apiGateway.getDomainName({ domainName });
      expect(shown.regionalCertificateArn).toBe(value);
    },
  },
};
