/** `www.example.com: CAA at example.com: issue "other.example": the CA (ca.example) is not allowed to issue` */
// Greedy: a record may say the same of another CA, and ours is named last.
const refused =
  /: CAA at ([a-z0-9.-]+): (issue|issuewild) ".*: the CA \(([a-z0-9.-]+)[^)]*\) is not allowed to issue/;

/**
 * Commands that allow the CA in CAA records of a zone at Route 53, which others wrote: whatever stands there stays. Empty
 * where the message does not say enough.
 */
export function caaCommands(message: string): readonly string[] {
  // Records of the kind that counted are those that forbid it, and to which it is added.
  const [found, at = '', tag = '', ca = ''] = refused.exec(message) ?? [];
  if (found === undefined) return [];
  const set = `ResourceRecordSets[?Name=='${at}.' && Type=='CAA']`;
  // Its JSON form, as JMESPath builds it: https://jmespath.org/specification.html#multiselect-hash
  const records = `[${set}.ResourceRecords[], [{Value: '0 ${tag} \\"${ca}\\"'}]][]`;
  const changed = `{Name: '${at}.', Type: 'CAA', TTL: ${set}.TTL | [0], ResourceRecords: ${records}}`;
  const batch = `{Changes: [{Action: 'UPSERT', ResourceRecordSet: ${changed}}]}`;
  return [
    `zone=$(aws route53 list-hosted-zones --query "sort_by(HostedZones[?Config.PrivateZone==\\\`false\\\` && ends_with('.${at}.', join('', ['.', Name]))], &length(Name))[-1].Id" --output text)`,
    `aws route53 list-resource-record-sets --hosted-zone-id "$zone" --query "${batch}" --output json > caa.json`,
    'change=$(aws route53 change-resource-record-sets --hosted-zone-id "$zone" --change-batch file://caa.json --query ChangeInfo.Id --output text)',
    'aws route53 wait resource-record-sets-changed --id "$change"',
  ];
}
