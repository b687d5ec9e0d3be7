import type { BundleName } from '#functions/names.ts';
import type { Config } from '#shared/config/config.ts';

/** The functions that take work from a queue of their own. */
export const queueNames = ['issue', 'deploy', 'verify'] as const;

export type QueueName = (typeof queueNames)[number];

export type Names = ReturnType<typeof namesOf>;

/**
 * The resources of an installation. They are named, so that other regions and accounts know them without
 * references between stacks; roles carry the home region, since their names are one space for an account.
 */
export function namesOf({ installation, home }: Pick<Config, 'installation' | 'home'>) {
  const { account, region } = home;
  const inAccount = `${installation}-${region}`;
  return {
    installation,
    stack: installation,
    // They say whose they are: an installation of the same name with another home would take them over.
    keyStack: `${installation}-key-of-${region}`,
    replicaKeyStack: `${installation}-key-replica-of-${region}`,
    replicaStack: `${installation}-replica-of-${region}`,
    placeStack: `${installation}-place-of-${account}`,
    bucket: `${installation}-${account}-${region}`,
    replicaBucket: (replica: string) => `${installation}-${account}-${replica}`,
    accountSecret: (name: string) => `${installation}-accounts/${name}`,
    keyAlias: `alias/${installation}`,
    queue: (queue: QueueName) => `${installation}-${queue}.fifo`,
    deadLetters: (queue: QueueName) => `${installation}-${queue}-dead.fifo`,
    deadEvents: `${installation}-dead-events`,
    bus: installation,
    topic: `${installation}-alerts`,
    /** At most 32 characters; one for each load balancer, since none may share it. */
    targetGroup: (digest: string) => `${installation}-${digest.slice(0, 7)}`,
    function: (name: BundleName) => `${installation}-${name}`,
    logGroup: (name: BundleName) => `/aws/lambda/${installation}-${name}`,
    role: (name: BundleName) => `${inAccount}-${name}`,
    scheduleRole: `${inAccount}-schedule`,
    listenerRole: `${inAccount}-http01`,
    placeRole: `${inAccount}-place`,
    placeReaderRole: `${inAccount}-place-reader`,
  };
}
