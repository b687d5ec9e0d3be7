import type { Finding } from '#shared/schema/finding.ts';
import type { Draft } from '../../draft.ts';
import { authorityAt } from './known-authorities.ts';

/** RFC 2606 and RFC 6761 reserve these domains for documents and tests: nobody reads mail to them. */
const reserved = /@(?:.*\.)?(?:example\.(?:com|net|org)|example|test|invalid|localhost|local)$/i;

/** Public CAs refuse such an account (`invalidContact`, RFC 8555 §6.7), and no certificate is issued. */
export function contactsCanBeReached({ issuerConfigs }: Draft): readonly Finding[] {
  return [...issuerConfigs].flatMap(([id, { directory, contact }]) => {
    const at = authorityAt(directory);
    if (!at) return [];
    return contact.flatMap((address, index) => {
      const why = reserved.test(address)
        ? 'is an address of a reserved domain, which nobody has'
        : /@[^.]+$/.test(address)
          ? 'is an address at a top-level domain'
          : null;
      if (why === null) return [];
      const path = ['issuers', id, 'contact', index];
      const isOptional = !at.known.contact;
      const fix = `Write an address of yours${isOptional ? ', or leave "contact:" out' : ''}.`;
      return [{ path, message: `${why}: ${at.known.title} refuses the account`, fix }];
    });
  });
}

/** Only a message tells people of a failure. */
export function somebodyIsTold({ alerts }: Draft): readonly Finding[] {
  if (alerts.email.length === 0 && alerts.snsTopic !== null) {
    return [
      {
        path: ['alerts'],
        value: '',
        message:
          'names no address: messages reach your topic, but alarms, which ring when certkeep itself cannot speak, reach nobody',
        fix: 'Write "email: [you@your-company]" beside "snsTopic:", or subscribe to the topic of the alarms.',
      },
    ];
  }
  if (alerts.email.length === 0) {
    return [
      {
        path: ['alerts'],
        value: '',
        message:
          'names nobody: nobody hears of a failure, unless somebody has subscribed to the SNS topic of the installation',
        fix: 'Write "alerts: {email: [you@your-company]}", and confirm the message that AWS sends there.',
      },
    ];
  }
  return alerts.email.flatMap(({ path, value }) =>
    reserved.test(value.address)
      ? [
          {
            path,
            message: 'is an address of a reserved domain: nobody reads mail there',
            fix: 'Write an address of yours.',
          },
        ]
      : [],
  );
}
