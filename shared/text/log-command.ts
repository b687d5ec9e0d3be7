/**
 * Returns the command that prints the last hour of a log group, in versions 1 and 2 of the `aws` command line: version 1 has no
 * `aws logs tail`.
 */
export function logCommand(logGroup: string, region: string): string {
  return `aws logs filter-log-events --log-group-name ${logGroup} --start-time $(($(date +%s) - 3600))000 --query 'events[].[message]' --output text --region ${region}`;
}
