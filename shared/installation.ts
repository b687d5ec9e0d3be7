/**
 * The name of an installation begins the names of all that it owns: buckets, queues, roles, secrets,
 * parameters. Some services keep names for themselves: Parameter Store what begins with `aws` or `ssm`
 * (API_PutParameter.html), S3 three more beginnings (bucketnamingrules.html), EventBridge and its Scheduler
 * `default` (API_CreateEventBus.html). 24 characters leave room for the rest of the shortest of them, a
 * bucket with account and region. The keys of ACME accounts lie under `<name>-accounts/`, which must be no
 * installation's own.
 */
export const installationPattern =
  /^(?!aws|ssm|xn--|sthree-|amzn-s3-demo-|default$|.*-accounts$)[a-z][a-z0-9-]{0,23}$/;
