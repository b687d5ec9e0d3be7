import { domainToASCII } from 'node:url';

export type StoredRecord = {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly ttl: number;
};

export type StoredZone = {
  readonly id: string;
  readonly name: string;
  /** As people wrote it, which may be in another script. */
  readonly addedAs: string;
  readonly nameServers: readonly string[];
  readonly records: StoredRecord[];
};

export type RecordStore = ReturnType<typeof recordStore>;

/** The zones of one account of a DNS service; names are whole ones. */
export function recordStore() {
  const zones: StoredZone[] = [];
  let ids = 1000;

  /** By the name that it was added under. */
  function zoneNamed(name: string): StoredZone | undefined {
    return zones.find((zone) => zone.addedAs === name);
  }

  return {
    zones,
    zoneNamed,
    addZone(addedAs: string): StoredZone {
      const name = domainToASCII(addedAs);
      ids += 1;
      const id = String(ids).padStart(32, 'a');
      const zone = { id, name, addedAs, nameServers: [`ns1.${name}`, `ns2.${name}`], records: [] };
      zones.push(zone);
      return zone;
    },
    /** Null where the same record is there already. */
    addRecord(zone: StoredZone, record: Omit<StoredRecord, 'id'>): StoredRecord | null {
      const { name, type, value } = record;
      const same = (each: StoredRecord) =>
        each.name === name && each.type === type && each.value === value;
      if (zone.records.some(same)) return null;
      ids += 1;
      const added = { ...record, id: String(ids) };
      zone.records.push(added);
      return added;
    },
    removeRecord(zone: StoredZone, id: string): boolean {
      const index = zone.records.findIndex((record) => record.id === id);
      if (index >= 0) zone.records.splice(index, 1);
      return index >= 0;
    },
    /** The TXT values at a name, as they were written. */
    txtAt(name: string): readonly string[] {
      return zones
        .flatMap(({ records }) => records)
        .filter((record) => record.type === 'TXT' && record.name === name)
        .map(({ value }) => value)
        .toSorted();
    },
  };
}
