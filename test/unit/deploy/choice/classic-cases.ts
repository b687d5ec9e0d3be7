import { type ChoiceCase, ecdsa, expired, gets, modern, notDocumented, only, rsa } from './case.ts';
import { clb } from './quotes.ts';

/** Classic Load Balancer: one certificate a listener. */
export const classicCases: readonly ChoiceCase[] = [
  {
    title: 'serves its one certificate where the name matches',
    quote: clb,
    default: rsa('one'),
    list: [],
    client: modern(),
    answer: gets('one'),
  },
  {
    title: 'serves its one certificate where the name does not match',
    quote: clb,
    default: rsa('one', { names: ['other.example.com'] }),
    list: [],
    client: modern(),
    answer: gets('one'),
  },
  {
    title: 'serves its one certificate where no name is sent',
    quote: clb,
    default: rsa('one'),
    list: [],
    client: modern(null),
    answer: gets('one'),
  },
  {
    title: 'serves its one certificate when that has expired',
    quote: clb,
    default: rsa('one', expired),
    list: [],
    client: only('rsa'),
    answer: gets('one'),
  },
  {
    title: 'serves its one certificate where the names of that are not known',
    quote: clb,
    default: ecdsa('one', { names: null }),
    list: [],
    client: modern(),
    answer: gets('one'),
  },
  {
    title: 'has a client that cannot use its one certificate',
    quote: clb,
    default: rsa('one'),
    list: [],
    client: only('ecdsa'),
    answer: notDocumented('not said for a client that does not support it', 'one'),
  },
];
