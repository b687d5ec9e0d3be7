import type { Place } from './place.ts';

/**
 * The name of an installation prefixes the names of all that it owns: buckets, queues, roles, secrets, parameters. Some
 * services reserve names: Parameter Store those that begin with `aws` or `ssm` (API_PutParameter.html), S3 three more
 * prefixes (bucketnamingrules.html), EventBridge and its Scheduler `default` (API_CreateEventBus.html). 24 characters leave
 * room in the shortest limit, a bucket name with account and region. The keys of ACME accounts lie under
 * `<name>-accounts/`, which must not be another installation's name.
 */
export const installationPattern =
  /^(?!aws|ssm|xn--|sthree-|amzn-s3-demo-|default$|.*-accounts$)[a-z][a-z0-9-]{0,23}$/;

/** The Lambda functions of the path, in its order. */
export const functionNames = ['check', 'issue', 'deploy', 'verify', 'sync', 'alert'] as const;

export type FunctionName = (typeof functionNames)[number];

/**
 * Every function that is bundled. Where the configuration asks for it, `challenge` answers CAs behind a load balancer, and
 * `inside` asks endpoints in a network of the user.
 */
export const bundleNames = [...functionNames, 'challenge', 'inside'] as const;

export type BundleName = (typeof bundleNames)[number];

/** The functions that take work from a queue of their own. */
export const queueNames = ['issue', 'deploy', 'verify'] as const;

export type QueueName = (typeof queueNames)[number];

/** Certificates and listener rules carry this tag with the name of the installation that made them: it imports onto and deletes no others. */
export const managedTag = 'certkeep:managed';

/** Secrets carry this tag with the name of the installation that may read them, where a policy cannot list them all. */
export const credentialsTag = 'certkeep:credentials';

export function functionName(installation: string, name: BundleName): string {
  return `${installation}-${name}`;
}

export function certificateSecret(installation: string, certificate: string): string {
  return `${installation}/${certificate}`;
}

export function accountSecret(installation: string, issuer: string): string {
  return `${installation}-accounts/${issuer}`;
}

/** All parameters of an installation lie below this path. */
function parameterPath(installation: string): string {
  return `/${installation}`;
}

/** Other stacks of a place read the ARN of a certificate from this parameter. */
export function arnParameter(installation: string, certificate: string): string {
  return `${parameterPath(installation)}/${certificate}/certificate-arn`;
}

/** IAM has one space for all regions, and each region has certificates of its own: policies name this path. */
export function serverCertificatePath(installation: string, region: string): string {
  return `/${installation}/${region}/`;
}

export type ResourceNames = ReturnType<typeof namesOf>;

/**
 * The names of an installation's resources. They are fixed, so that other regions and accounts know them without
 * references between stacks. Names of roles contain the home region, since an account has one space for them.
 */
export function namesOf(of: { readonly installation: string; readonly home: Place }) {
  const { home, installation } = of;
  const { account, region } = home;
  const inAccount = `${installation}-${region}`;
  return {
    installation,
    stack: installation,
    // These stacks name their owner: an installation of the same name with another home would take them over.
    keyStack: `${installation}-key-of-${region}`,
    replicaKeyStack: `${installation}-key-replica-of-${region}`,
    replicaStack: `${installation}-replica-of-${region}`,
    watchStack: `${installation}-watch-of-${region}`,
    probeStack: (place: Place) => `${installation}-probe-of-${place.account}-${place.region}`,
    placeStack: `${installation}-place-of-${account}`,
    bucket: `${installation}-${account}-${region}`,
    replicaBucket: (replica: string) => `${installation}-${account}-${replica}`,
    certificateSecret: (certificate: string) => certificateSecret(installation, certificate),
    accountSecret: (issuer: string) => accountSecret(installation, issuer),
    parameterPath: parameterPath(installation),
    serverCertificatePath: (there: string) => serverCertificatePath(installation, there),
    keyAlias: `alias/${installation}`,
    queue: (queue: QueueName) => `${installation}-${queue}.fifo`,
    deadLetters: (queue: QueueName) => `${installation}-${queue}-dead.fifo`,
    /** For deploys that have a time of their own. */
    laterQueue: `${installation}-deploy-later`,
    deadEvents: `${installation}-dead-events`,
    bus: installation,
    topic: `${installation}-alerts`,
    watchTopic: `${installation}-watch`,
    alarm: (name: string) => `${installation}-${name}`,
    /** At most 32 characters; each load balancer has its own, since load balancers cannot share one. */
    targetGroup: (digest: string) => `${installation}-${digest.slice(0, 7)}`,
    function: (name: BundleName) => functionName(installation, name),
    logGroup: (name: BundleName) => `/aws/lambda/${functionName(installation, name)}`,
    role: (name: BundleName) => `${inAccount}-${name}`,
    scheduleRole: `${inAccount}-schedule`,
    listenerRole: `${inAccount}-http01`,
    insideRole: (there: string) => `${inAccount}-inside-${there}`,
    placeRole: `${inAccount}-place`,
    placeReaderRole: `${inAccount}-place-reader`,
  };
}

/** The same names with placeholders, for the resources of permissions. */
export const permissionNames = namesOf({
  installation: '{installation}',
  home: { account: '{homeAccount}', region: '{homeRegion}' },
});
