import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitisePath, UniquePaths } from '../../../src/core/transfer/names.ts';

const anyPath = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        '..',
        '.',
        '/',
        '\\',
        'C:',
        'con',
        'NUL.txt',
        'a',
        ' ',
        '.',
        '\u202e',
        '\u0000',
        'é',
        'e\u0301',
        '~',
        'x'.repeat(300),
      ),
      {
        maxLength: 30,
      },
    )
    .map((parts) => parts.join('')),
);

describe('sanitisePath', { timeout: 60_000 }, () => {
  test.each([
    ['a/b.txt', 'a/b.txt'],
    ['Fotos 2026/süß.jpg', 'Fotos 2026/süß.jpg'],
    ['日本語/ملف.txt', '日本語/ملف.txt'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['C:\\Windows\\system.ini', 'Windows/system.ini'],
    ['\\\\server\\share\\x', 'server/share/x'],
    ['a/./b//c/../d', 'a/b/c/d'],
    ['con', 'con_'],
    ['COM1.tar.gz', 'COM1_.tar.gz'],
    ['console', 'console'],
    ['name. . .', 'name'],
    ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
    ['a\u0000b\nc', 'a_b_c'],
    ['a<b>:"|?*', 'a_b______'],
    ['e\u0301', '\u00e9'],
    ['...', 'file'],
    ['', 'file'],
    ['.gitignore', '.gitignore'],
    ['👩‍👩‍👧.png', '👩‍👩‍👧.png'],
  ])('%j becomes %j', (path, safe) => {
    expect(sanitisePath(path)).toBe(safe);
  });

  test('keeps the extension of a name that is too long', () => {
    const safe = sanitisePath(`${'é'.repeat(300)}.jpeg`);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
    expect(safe).toMatch(/^é+\.jpeg$/);
  });

  test('is safe, whatever comes in, and leaves what is safe as it is', () => {
    fc.assert(
      fc.property(anyPath, (path) => {
        const safe = sanitisePath(path);
        for (const name of safe.split('/')) {
          expect(name).not.toMatch(/^\.{0,2}$|[. ]$|[\p{Cc}\u202a-\u202e\u2066-\u2069<>:"|?*\\]/u);
          expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        }
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(4096);
        expect(sanitisePath(safe)).toBe(safe);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('UniquePaths', { timeout: 60_000 }, () => {
  test('numbers what would be the same on some file system', () => {
    const paths = new UniquePaths();
    const claimed = ['a.txt', 'A.TXT', 'a.txt', 'b/c', 'B/C', 'b', 'é', 'e\u0301', '.x', '.x'].map((path) =>
      paths.claim(sanitisePath(path)),
    );
    expect(claimed).toEqual([
      'a.txt',
      'A (2).TXT',
      'a (3).txt',
      'b/c',
      'B/C (2)',
      'b (2)',
      'é',
      'é (2)',
      '.x',
      '.x (2)',
    ]);
  });

  test('puts a folder beside a file of the same name', () => {
    const paths = new UniquePaths();
    expect(['a', 'a/b', 'a/c'].map((path) => paths.claim(path))).toEqual(['a', 'a (2)/b', 'a (2)/c']);
  });

  test('all paths differ, ignoring case and normalisation', () => {
    fc.assert(
      fc.property(fc.array(anyPath, { maxLength: 40 }), (list) => {
        const paths = new UniquePaths();
        const claimed = list.map((path) => paths.claim(sanitisePath(path)));
        const keys = claimed.map((path) => path.normalize('NFC').toLowerCase());
        expect(new Set(keys).size).toBe(list.length);
        // No file is a folder of another.
        for (const key of keys) expect(keys.some((other) => other.startsWith(`${key}/`))).toBe(false);
        for (const name of claimed.flatMap((path) => path.split('/')))
          expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      }),
      { numRuns: 500 },
    );
  });
});
