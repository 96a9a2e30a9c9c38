import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolder } from '../support/browsers.ts';
import { faceOther, FacePair, holdFaceToFace } from '../support/face-to-face.ts';
import { makeFile } from '../support/files.ts';
import { SeededRandom } from '../support/seeded-random.ts';

const TIMES = 20;
/** Two people do not press at the same time. */
const MAX_OFFSET_MS = 1_000;

/** Firefox plays no film as its camera, so there it is a canvas; all after `getUserMedia` is the same. */
describe.each([['chromium', 'chromium'] as const, ['chromium', 'firefox'] as const])(
  '%s and %s by camera',
  (...kinds) => {
    let folder: string;
    let faces: FacePair;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'heliograph-camera-'));
      faces = await FacePair.launch(kinds);
    });

    afterAll(async () => {
      await faces.close();
      await removeFolder(folder);
    });

    test.each(['Hold them face to face', 'Scan with camera'])(
      '%s: two devices that see each other’s screens pair by themselves, by sight, and a file arrives',
      async (button) => {
        const [one, two] = await faces.open();
        const file = await makeFile(folder, 'seen.bin', 1_000_000);
        await one.app.send([file.path]);
        await two.app.receive();
        for (const { app } of [one, two]) await app.press(button);
        await holdFaceToFace([one, two], 1);
        for (const { app } of [one, two]) await app.waitForAttribute('trust', 'data-state', 'bySight');
        await two.app.accept();
        await Promise.all([one.app.waitForTransfer('verified'), two.app.waitForTransfer('verified')]);
        expect(await two.app.read('root')).toBe(await one.app.read('root'));
        expect([one.app.problems, two.app.problems]).toEqual([[], []]);
      },
    );

    test(
      `${TIMES} times in a row, started at random moments, they find each other`,
      async () => {
        const random = new SeededRandom(2_026);
        for (let time = 0; time < TIMES; time++) {
          const [one, two] = await faces.open();
          const [first, second] = random.chance(0.5) ? [one, two] : [two, one];
          const offsetMs = random.between(0, MAX_OFFSET_MS);
          await Promise.all([faceOther(first), faceOther(second, offsetMs), holdFaceToFace([one, two], time)]);
        }
      },
      TIMES * 30_000,
    );
  },
);
