/** A policy as IAM takes it; everything beyond this shape is the simulator's to check. */
type Document = {
  readonly Version?: string;
  readonly Statement?: Statement | readonly Statement[];
};
type Statement = {
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** What a policy says about one action. */
export type Excerpt = {
  /** The statements about the action only; null where there is none. */
  readonly document: object | null;
  /** The context keys, in lower case, that those statements look at. */
  readonly keys: ReadonlySet<string>;
};

export type Policy = {
  /** Two policies with the same text have the same id, so that a decision made once holds for both. */
  readonly id: number;
  readonly document: object;
  about(action: string): Excerpt;
};

/** Worlds come and go with policies of their own; what was forgotten is read anew. */
const mostRemembered = 1_000;
const remembered = new Map<string, Policy>();
let lastId = 0;

export function policyOf(document: object): Policy {
  const text = JSON.stringify(document);
  const known = remembered.get(text);
  if (known) return known;
  if (remembered.size >= mostRemembered) remembered.clear();
  const policy = readPolicy(document as Document);
  remembered.set(text, policy);
  return policy;
}

function readPolicy({ Version, Statement = [] }: Document): Policy {
  const statements = [Statement].flat().map(spelled);
  const excerpts = new Map<string, Excerpt>();
  lastId += 1;
  return {
    id: lastId,
    document: { Version, Statement: statements },
    about(action) {
      const known = excerpts.get(action);
      if (known) return known;
      const about = statements
        .filter((statement) => isAbout(statement, action))
        .map((statement) => withResources(statement, action));
      const excerpt: Excerpt = {
        document: about.length > 0 ? { Version, Statement: about } : null,
        keys: new Set(about.flatMap(keysIn)),
      };
      excerpts.set(action, excerpt);
      return excerpt;
    },
  };
}

/** A statement with `NotAction` is left to the simulator. */
function isAbout({ Action }: Statement, action: string): boolean {
  if (Action === undefined) return true;
  return [Action].flat().some((pattern) => wildcard(pattern).test(action));
}

function withResources(statement: Statement, action: string): Statement {
  const { Resource } = statement;
  if (Resource === undefined) return statement;
  return { ...statement, Resource: [Resource].flat().map((arn) => spelledResource(action, arn)) };
}

/**
 * iam-data 0.21 keeps one list for both ELB APIs, in which tags are for load balancers only. The tags of a listener and
 * of a rule are asked for under an ARN of that form, in policies and requests alike.
 */
export function spelledResource(action: string, arn: string): string {
  if (action !== 'elasticloadbalancing:AddTags') return arn;
  return arn.replace(/:(listener|listener-rule)\//, ':loadbalancer/$1/');
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i');
}

function keysIn(statement: Statement): readonly string[] {
  const conditions = Object.values(statement.Condition ?? {}).flatMap(Object.keys);
  const variables = [...JSON.stringify(statement).matchAll(/\$\{([^},]+)/g)].map(([, key]) => key);
  return [...conditions, ...variables].map((key) => String(key).trim().toLowerCase());
}

function spelled(statement: Statement): Statement {
  const { Condition } = statement;
  if (!Condition) return statement;
  const respelled = Object.entries(Condition).map(([operator, tests]) => [
    operator,
    Object.fromEntries(Object.entries(tests).map(([key, value]) => [spelledKey(key), value])),
  ]);
  return { ...statement, Condition: Object.fromEntries(respelled) };
}

/**
 * iam-simulate 0.1.173 tells keys with a part of their own by a slash only, and iam-data knows the tag
 * keys of two services by the name `tag-key` alone: it would drop all of these. They are asked under a
 * key that it knows for the same actions and resources, in policies and requests alike.
 */
export function spelledKey(key: string): string {
  return key
    .replace(/^kms:EncryptionContext:/i, 'aws:ResourceTag/kms:EncryptionContext:')
    .replace(/^(?:secretsmanager|ssm):ResourceTag\//i, 'aws:ResourceTag/');
}
