import type { ChoiceCertificate } from '#shared/deploy/choice/choice.ts';
import { type ChoiceCase, ecdsa, expired, gets, modern, notDocumented, only, rsa } from './case.ts';
import { alb } from './quotes.ts';

const unknown = { names: null };

/** A certificate of IAM, of which Elastic Load Balancing and ACM tell nothing but the ARN. */
const opaque: ChoiceCertificate = {
  arn: ecdsa('opaque').arn,
  names: null,
  keyFamily: null,
  keyBits: null,
  hashBits: null,
  notBefore: null,
  notAfter: null,
};

/** Application Load Balancer: clients that have no use for what matches, and certificates that are not known whole. */
export const applicationUnknown: readonly ChoiceCase[] = [
  {
    title: 'a client that can use none of several matches',
    quote: alb.best,
    default: ecdsa('default'),
    list: [rsa('one'), rsa('two', { bits: 4_096 })],
    client: only('ecdsa'),
    answer: notDocumented('not said for a client that supports none', 'one', 'two', 'default'),
  },
  {
    title: 'a client that cannot use the one match',
    quote: alb.single,
    default: rsa('default'),
    list: [ecdsa('match')],
    client: only('rsa'),
    answer: notDocumented('not said whether the default stands in', 'match', 'default'),
  },
  {
    title: 'a client without a server name that cannot use the default',
    quote: alb.byDefault,
    default: ecdsa('default'),
    list: [rsa('match')],
    client: only('rsa', null),
    answer: notDocumented('not said for a client that does not support the default', 'default'),
  },
  {
    title: 'a client without a match that cannot use the default',
    quote: alb.byDefault,
    default: ecdsa('default'),
    list: [],
    client: only('rsa'),
    answer: notDocumented('not said for a client that does not support the default', 'default'),
  },
  {
    title: 'a listed certificate of unknown names may beat the one that matches',
    quote: alb.key,
    default: rsa('default'),
    list: [ecdsa('unknown', unknown), rsa('match')],
    client: modern(),
    answer: notDocumented('whether the names match is not known', 'unknown', 'match'),
  },
  {
    title: 'a listed certificate of unknown names may be the only match',
    quote: alb.single,
    default: rsa('default'),
    list: [ecdsa('unknown', unknown)],
    client: modern(),
    answer: notDocumented('whether the names match is not known', 'unknown', 'default'),
  },
  {
    title: 'unknown names of the lesser key family cannot win',
    quote: alb.key,
    default: rsa('default'),
    list: [rsa('unknown', { ...unknown, bits: 4_096 }), ecdsa('match')],
    client: modern(),
    answer: gets('match'),
  },
  {
    title: 'unknown names on what has expired cannot win in the same family',
    quote: alb.expiry,
    default: rsa('default'),
    list: [ecdsa('unknown', { ...unknown, ...expired, bits: 384 }), ecdsa('match')],
    client: modern(),
    answer: gets('match'),
  },
  {
    title: 'unknown names on a key that the client does not support cannot win',
    quote: alb.best,
    default: ecdsa('default'),
    list: [ecdsa('unknown', unknown), rsa('match')],
    client: only('rsa'),
    answer: gets('match'),
  },
  {
    title: 'unknown names in the list do not matter without a server name',
    quote: alb.byDefault,
    default: rsa('default'),
    list: [ecdsa('unknown', unknown)],
    client: modern(null),
    answer: gets('default'),
  },
  {
    title: 'unknown names of the default do not matter where nothing matches',
    quote: alb.byDefault,
    default: rsa('default', unknown),
    list: [],
    client: modern(),
    answer: gets('default'),
  },
  {
    title: 'the only ECDSA match wins, whatever else of it is not known',
    quote: alb.key,
    default: rsa('default'),
    list: [{ ...ecdsa('ecdsa'), keyBits: null, hashBits: null, notAfter: null }, rsa('rsa')],
    client: modern(),
    answer: gets('ecdsa'),
  },
  {
    title: 'of a certificate of which nothing is known anything may be true',
    quote: alb.best,
    default: rsa('default'),
    list: [opaque, ecdsa('match', { bits: 384, hash: 'sha384' })],
    client: modern(),
    answer: notDocumented('nothing of it is known', 'opaque', 'match'),
  },
];
