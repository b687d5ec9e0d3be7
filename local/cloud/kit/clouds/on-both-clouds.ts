import { afterAll, beforeAll, describe } from 'vitest';
import { realParts } from '../real-parts.ts';
import { type CloudUnderTest, localCloud, motoCloud } from './cloud.ts';

const { moto } = realParts;
const clouds: readonly { name: CloudUnderTest['name']; open: () => Promise<CloudUnderTest> }[] = [
  { name: 'local', open: localCloud },
  { name: 'moto', open: () => motoCloud(moto ?? '') },
];

/** The same tests once a cloud; those on moto are skipped where it is not installed. */
export function onBothClouds(
  title: string,
  tests: (cloud: () => CloudUnderTest, name: CloudUnderTest['name']) => void,
): void {
  describe.each(clouds)(`${title} on $name`, ({ name, open }) => {
    describe.skipIf(name === 'moto' && !moto)('through the SDK', () => {
      let cloud: CloudUnderTest;
      beforeAll(async () => {
        cloud = await open();
      });
      afterAll(() => cloud?.close());
      tests(() => cloud, name);
    });
  });
}
