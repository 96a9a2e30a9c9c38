import { describe, expect, test } from 'vitest';
import { FaceToFace } from '../../src/app/face-to-face.ts';
import type { ErrorCode } from '../../src/core/errors.ts';
import { TransferError } from '../../src/core/errors.ts';

function setUp(options: { readonly hidesAddresses?: boolean; readonly isCodeCopied?: boolean } = {}) {
  const calls: string[] = [];
  let isPairing = true;
  const faces = new FaceToFace({
    hidesAddresses: () => isPairing && (options.hidesAddresses ?? true),
    keepsCode: () => options.isCodeCopied ?? false,
    isPairing: () => isPairing,
    startPairing: () => {
      isPairing = true;
      calls.push('start');
    },
    stopPairing: () => {
      isPairing = false;
      calls.push('stop');
    },
    stopCamera: () => calls.push('camera off'),
  });
  return { faces, calls };
}

const error = (code: ErrorCode) => new TransferError(code, 'remote', 'for a test');

describe('face to face', () => {
  test('shows no code before the camera is on where that makes a better one', () => {
    const { faces, calls } = setUp();
    faces.start();
    expect(calls).toEqual(['camera off', 'stop']);
    faces.cameraSettled();
    expect(calls.at(-1)).toBe('start');
    expect(faces.isOn.value).toBe(true);
  });

  test.each([{ hidesAddresses: false }, { isCodeCopied: true }])('keeps a code that is good: %o', (options) => {
    const { faces, calls } = setUp(options);
    faces.start();
    faces.cameraSettled();
    expect(calls).toEqual(['camera off']);
  });

  test('makes the code when the person leaves before the camera is on', () => {
    const { faces, calls } = setUp();
    faces.start();
    faces.leave();
    expect(calls).toEqual(['camera off', 'stop', 'camera off', 'start']);
    expect(faces.isOn.value).toBe(false);
  });

  test.each(['reply-to-other', 'stale-ticket', 'connect-timeout'] as const)(
    'tries fresh codes after %s, three times, and then says so',
    (code) => {
      const { faces, calls } = setUp({ hidesAddresses: false });
      faces.start();
      expect([1, 2, 3, 4].map(() => faces.missed(error(code)))).toEqual([true, true, true, false]);
      expect(calls.filter((call) => call === 'start')).toHaveLength(3);
    },
  );

  test('leaves to the person what fresh codes do not mend, and everything when it is off', () => {
    const { faces } = setUp();
    expect(faces.missed(error('stale-ticket'))).toBe(false);
    faces.start();
    expect(faces.missed(error('no-network'))).toBe(false);
    expect(faces.missed(error('own-ticket'))).toBe(false);
  });
});
