import type { Change } from '@aws-sdk/client-route-53';
import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

type Action = NonNullable<Change['Action']>;

/** A zone, and a TXT set at `_acme-challenge` in it that holds `foreign`. */
async function zoneWithTxt(cloud: CloudUnderTest) {
  const { route53 } = clientsOf(cloud);
  const zone = `${uniqueName('zone')}.example`;
  const CallerReference = uniqueName('call');
  const { HostedZone } = await route53.createHostedZone({ Name: zone, CallerReference });
  const HostedZoneId = HostedZone?.Id?.replace('/hostedzone/', '');
  const Name = `_acme-challenge.${zone}`;
  const txt = (action: Action, values: readonly string[], TTL = 60): Change => ({
    Action: action,
    ResourceRecordSet: {
      Name,
      Type: 'TXT',
      TTL,
      ResourceRecords: values.map((value) => ({ Value: `"${value}"` })),
    },
  });
  const change = (...Changes: Change[]) =>
    route53.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } });
  const values = async () => {
    const listed = await route53.listResourceRecordSets({ HostedZoneId });
    const set = listed.ResourceRecordSets?.find((each) => each.Type === 'TXT');
    return set ? set.ResourceRecords?.map(({ Value }) => Value?.slice(1, -1)).toSorted() : null;
  };
  await change(txt('CREATE', ['foreign']));
  return { route53, zone, Name, HostedZoneId, txt, change, values };
}

export const route53Txt: ScenarioGroup = {
  title: 'Route 53, TXT records',
  scenarios: {
    'one batch deletes the set of before and creates the merged one': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      await change(txt('DELETE', ['foreign']), txt('CREATE', ['foreign', 'one', 'two']));
      expect(await values()).toEqual(['foreign', 'one', 'two']);
    },
    'a delete whose values are not those of the set fails the whole batch': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      const answer = change(txt('DELETE', ['other']), txt('CREATE', ['other', 'one']));
      await refused(answer, 'InvalidChangeBatch', /do not match/);
      expect(await values()).toEqual(['foreign']);
    },
    'a delete whose TTL is not that of the set is refused': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      await refused(change(txt('DELETE', ['foreign'], 30)), 'InvalidChangeBatch');
      expect(await values()).toEqual(['foreign']);
    },
    'a delete names the values in any order': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      await change(txt('DELETE', ['foreign']), txt('CREATE', ['a', 'b']));
      await change(txt('DELETE', ['b', 'a']));
      expect(await values()).toBe(null);
    },
    'a delete of what is not there is refused': async (cloud) => {
      const { change, txt } = await zoneWithTxt(cloud);
      await change(txt('DELETE', ['foreign']));
      await refused(change(txt('DELETE', ['foreign'])), 'InvalidChangeBatch', /not found/);
    },
    'a create of a set that is there is refused': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      await refused(change(txt('CREATE', ['mine'])), 'InvalidChangeBatch', /already exists/);
      expect(await values()).toEqual(['foreign']);
    },
    'an upsert replaces the whole set': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      await change(txt('UPSERT', ['mine']));
      expect(await values()).toEqual(['mine']);
    },
    'one change that fails takes back the others of its batch': async (cloud) => {
      const { change, txt, Name, values } = await zoneWithTxt(cloud);
      const other = txt('CREATE', ['x']);
      Object.assign(other.ResourceRecordSet ?? {}, { Name: `other.${Name}` });
      await refused(change(other, txt('CREATE', ['mine'])), 'InvalidChangeBatch');
      await change(other);
      expect(await values()).toEqual(['foreign']);
    },
    'a name outside of the zone is refused': async (cloud) => {
      const { change, txt } = await zoneWithTxt(cloud);
      const foreign = txt('CREATE', ['x']);
      Object.assign(foreign.ResourceRecordSet ?? {}, { Name: '_acme-challenge.elsewhere.example' });
      await refused(change(foreign), 'InvalidChangeBatch', /not permitted/);
    },
    'a value without quotation marks is refused': async (cloud) => {
      const { change, txt } = await zoneWithTxt(cloud);
      const bare = txt('UPSERT', []);
      Object.assign(bare.ResourceRecordSet ?? {}, { ResourceRecords: [{ Value: 'no quotes' }] });
      await refused(change(bare), 'InvalidChangeBatch');
    },
    'a string of more than 255 characters is refused': async (cloud) => {
      const { change, txt, values } = await zoneWithTxt(cloud);
      await refused(change(txt('UPSERT', ['x'.repeat(256)])), 'InvalidChangeBatch');
      expect(await values()).toEqual(['foreign']);
    },
    'the same value twice in a set is refused': async (cloud) => {
      const { change, txt } = await zoneWithTxt(cloud);
      await refused(change(txt('UPSERT', ['one', 'one'])), 'InvalidChangeBatch');
    },
    'a change is pending first and in sync later': async (cloud) => {
      const { route53, change, txt } = await zoneWithTxt(cloud);
      const { ChangeInfo } = await change(txt('UPSERT', ['mine']));
      expect(ChangeInfo?.Status).toBe('PENDING');
      await cloud.waits.untilConsistent();
      const got = await route53.getChange({ Id: ChangeInfo?.Id });
      expect(got.ChangeInfo).toMatchObject({ Id: ChangeInfo?.Id, Status: 'INSYNC' });
    },
    'a change that never was is not found': async (cloud) => {
      const { route53 } = clientsOf(cloud);
      await refused(route53.getChange({ Id: '/change/C0000000000000' }), 'NoSuchChange');
    },
    'a zone that is not there is not found': async (cloud) => {
      const { route53, txt } = await zoneWithTxt(cloud);
      const ChangeBatch = { Changes: [txt('CREATE', ['x'])] };
      const HostedZoneId = 'Z0000000000000';
      const answer = route53.changeResourceRecordSets({ HostedZoneId, ChangeBatch });
      await refused(answer, 'NoSuchHostedZone');
    },
    'zones are found by name, with a dot at the end': async (cloud) => {
      const { route53, zone, HostedZoneId } = await zoneWithTxt(cloud);
      const { HostedZones } = await route53.listHostedZonesByName({ DNSName: zone });
      expect(HostedZones?.[0]).toMatchObject({
        Id: `/hostedzone/${HostedZoneId}`,
        Name: `${zone}.`,
      });
    },
    'a listing begins at the name and type asked for': async (cloud) => {
      const { route53, HostedZoneId, Name } = await zoneWithTxt(cloud);
      const listed = await route53.listResourceRecordSets({
        HostedZoneId,
        StartRecordName: Name,
        StartRecordType: 'TXT',
        MaxItems: 1,
      });
      expect(listed.ResourceRecordSets).toMatchObject([{ Name: `${Name}.`, Type: 'TXT' }]);
    },
  },
};
