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

/** Values are in the form Route 53 takes them: `"quoted"` for TXT, `10 mail.example.com.` for MX. */
export type RecordSet = {
  readonly name: string;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  readonly values: readonly string[];
  /** An alias answers with the addresses of another name, for example a load balancer's. */
  readonly aliasTarget?: string;
  /** Of one among several sets of the same name and type (`MultiValueAnswer`). */
  readonly identifier?: string;
};

/** The sets at one name, by `setKey`. */
export type RecordSets = ReadonlyMap<string, RecordSet>;

/** A plain set is known by its type alone: `sets.get('TXT')`. */
export function setKey({ type, identifier }: Pick<RecordSet, 'type' | 'identifier'>): string {
  return identifier === undefined ? type : `${type} ${identifier}`;
}

/** What a zone's name servers answer from; names are normal (`names.ts`). */
export type ServedZone = {
  readonly name: string;
  readonly records: ReadonlyMap<string, RecordSets>;
};
