import { type Declare, reaching } from '../../declare.ts';
import type { ApproveOptions } from './command.ts';

type Given = Omit<ApproveOptions, 'arn'>;

export const declareApprove: Declare = (program, terminal, end) => {
  reaching(program.command('approve'))
    .summary('list what asks for a certificate by its tag, and approve it')
    .description(
      'Lists the listeners, load balancers and distributions that carry the tag certkeep:certificate. With an ARN, it has that one get the certificate; certkeep touches none before.',
    )
    .argument('[ARN]', 'the resource; without it, all are listed')
    .option('--certificate <id>', 'the certificate that it may get; asked for on a terminal')
    .option('--withdraw', 'take the approval back, or decline it; nothing is changed there', false)
    .option('--reason <text>', 'why; asked for on a terminal')
    .option('--json', 'print the list as JSON', false)
    .action(async (arn: string | undefined, given: Given) => {
      const [{ approve }, { personHere }] = await Promise.all([
        import('./command.ts'),
        import('../person.ts'),
      ]);
      end(
        await approve(
          { ...given, ...(arn !== undefined && { arn }) },
          { terminal, person: personHere() },
        ),
      );
    });
};
