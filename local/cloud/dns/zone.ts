export type RecordType =
  | 'A'
  | 'AAAA'
  | 'CAA'
  | 'CNAME'
  | 'MX'
  | 'NS'
  | 'PTR'
  | 'SOA'
  | 'SRV'
  | 'TXT';

/** Values have Route 53's form: `"quoted"` for TXT, `10 mail.example.com.` for MX. */
export type RecordSet = {
  readonly name: string;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
  /** An alias answers with the addresses of another name, for example of a load balancer. */
  readonly aliasTarget?: string;
  /** The identifier of one of several sets with the same name and type (`MultiValueAnswer`). */
  readonly identifier?: string;
};

/** The sets at one name, by `setKey`. */
export type RecordSets = ReadonlyMap<string, RecordSet>;

/** A plain set has its type as key: `sets.get('TXT')`. */
export function setKey({ type, identifier }: Pick<RecordSet, 'type' | 'identifier'>): string {
  return identifier === undefined ? type : `${type} ${identifier}`;
}

/** The records that a zone's name servers answer from; names are normal (`names.ts`). */
export type ServedZone = {
  readonly name: string;
  readonly records: ReadonlyMap<string, RecordSets>;
};
