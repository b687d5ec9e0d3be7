import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import { clientOptions } from '#shared/aws/clients.ts';
import { errorMessage } from '#shared/errors.ts';
import { systemClock } from '#shared/time/clock.ts';
import { writeWholeRecords } from './go-back/whole-records.ts';

/** Run before an earlier release is deployed again (docs/runbook.md, GoingBackToAWholeRecord). */
const usage = `npm run go-back -- --bucket BUCKET --account ACCOUNT --region REGION

Makes one object of what each function has written of a certificate, as releases before read it. Stop the functions
first, and run it with the role that may write to the bucket (docs/runbook.md).`;

const { account, bucket, help, problem, region } = optionsIn(process.argv.slice(2));
if (help) console.log(usage);
else if (problem || !bucket || !account || !region) {
  console.error(`${problem ?? '--bucket, --account and --region are needed.'}\n\n${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(bucket, account, region).catch((error) => {
    console.error(`The records could not be written: ${errorMessage(error)}`);
    console.error(
      'Nothing is lost: run the command again (docs/runbook.md, GoingBackToAWholeRecord).',
    );
    return 1;
  });
}

type Options = {
  readonly account?: string;
  readonly bucket?: string;
  readonly region?: string;
  readonly help?: boolean;
  readonly problem?: string;
};

function optionsIn(args: string[]): Options {
  const string = { type: 'string' } as const;
  const options = {
    bucket: string,
    account: string,
    region: string,
    help: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    return { problem: errorMessage(error) };
  }
}

/** Returns the exit status: 0 where everything was written, 1 where a run is at work. */
async function run(bucketName: string, owner: string, home: string): Promise<number> {
  const client = new S3Client(clientOptions({ region: home }));
  const objects = s3ObjectStore({ client, bucket: bucketName, owner, clock: systemClock });
  const done = await writeWholeRecords({ objects, clock: systemClock, say: console.log });
  if ('written' in done) {
    console.log(`${done.written} records are as earlier releases read them: deploy it now.`);
    return 0;
  }
  console.error(
    `Runs are at work, and nothing was written. Stop the functions and try again after the last of these times:\n${done.held.join('\n')}`,
  );
  return 1;
}
