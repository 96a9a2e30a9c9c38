import { TransferError } from '../../core/errors.ts';
import type { CodeReader } from '../../ports/scanner.ts';
import { describeCause } from '../exceptions.ts';
import { CameraSession } from './camera-session.ts';
import { ScanClient } from './scan-client.ts';
import { photoViews } from './views.ts';

/** @param makeWorker starts `workers/scanner-worker.ts`. Every use has its own, and ends it: none runs while nothing is scanned */
export function createCodeReader(makeWorker: () => Worker): CodeReader {
  return {
    async startCamera(video, wish, listener) {
      const session = new CameraSession(video, makeWorker, wish, listener);
      try {
        const facts = await session.start();
        return { ...facts, setTorch: (isOn) => session.setTorch(isOn), stop: () => session.stop() };
      } catch (error) {
        session.stop();
        throw error;
      }
    },

    async readPicture(picture) {
      const image = await openPicture(picture);
      const client = new ScanClient(makeWorker());
      try {
        return await client.scan(image, photoViews(image.width, image.height), true);
      } finally {
        client.close();
      }
    },
  };
}

async function openPicture(picture: Blob): Promise<ImageBitmap> {
  try {
    // Turned as its EXIF data say, by default.
    return await createImageBitmap(picture);
  } catch (cause) {
    throw new TransferError(
      'file-unreadable',
      'host',
      `picture of type '${picture.type}': ${describeCause(cause)}`,
      cause,
    );
  }
}
