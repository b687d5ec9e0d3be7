/**
 * The name of an installation begins the names of all that it owns: buckets, queues, roles, secrets,
 * parameters. Parameter Store keeps names that begin with `aws` or `ssm` for itself (API_PutParameter.html);
 * 24 characters leave room for the rest of the shortest of them, a bucket with account and region. The keys
 * of ACME accounts lie under `<name>-accounts/`, which must be no installation's own.
 */
export const installationPattern = /^(?!aws|ssm|.*-accounts$)[a-z][a-z0-9-]{0,23}$/;
