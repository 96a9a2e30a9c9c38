import type { Reopened, SourceHandles } from '../../src/ports/source-handles.ts';
import { assert, assertEqual } from './contract.ts';
import type { Contract } from './contract.ts';

/** Relative paths and texts of files; a path that ends with a slash is an empty folder. */
export type Tree = Readonly<Record<string, string>>;

export interface TestFolder {
  readonly handle: FileSystemDirectoryHandle;
  /** Makes it hold just this; undefined: it is gone. */
  become(tree: Tree | undefined): Promise<void>;
}

export interface SourceHandlesSubject {
  readonly sources: SourceHandles;
  /** The same place, opened by another tab or after a reload. */
  readonly again: () => SourceHandles;
  /** A folder that may be read without asking. */
  readonly folder: (name: string, tree: Tree) => Promise<TestFolder>;
}

const A = 'a0000000000000000000000000000001';
const NEAR_A = 'a000000000000000000000000000001';

/** Every path with its text, undefined for an empty folder. */
async function contents(reopened: Reopened): Promise<readonly (readonly (string | undefined)[])[]> {
  if (typeof reopened === 'string') throw new Error(`wanted files, got '${reopened}'`);
  const files = reopened.flatMap((item) => item.files);
  return Promise.all(files.map(async ({ path, file }) => [path, await file?.text()]));
}

export const sourceHandlesContract: Contract<SourceHandlesSubject> = [
  {
    name: 'opens folders again, with empty ones, and texts, also for another tab',
    async run(open) {
      const { sources, again, folder } = await open();
      const { handle } = await folder('dir', { 'b/ä 文.txt': 'two', 'a.txt': 'one', 'none/': '', 'b/deep/c': '' });
      const text = { path: 'text.txt', text: 'Grüße', lastModifiedEpochMs: 1_234 };
      await sources.remember(A, { handles: [handle], texts: [text] });
      const wanted = [
        ['dir/a.txt', 'one'],
        ['dir/b/deep/c', ''],
        ['dir/b/ä 文.txt', 'two'],
        ['dir/none', undefined],
        ['text.txt', 'Grüße'],
      ];
      assertEqual(await contents(await sources.reopen(A, false)), wanted, 'reopened');
      const reopened = await again().reopen(A, true);
      assertEqual(await contents(reopened), wanted, 'reopened by another');
      assert(typeof reopened !== 'string', 'files');
      assertEqual(
        reopened.map(({ kind, name }) => [kind, name]),
        [
          ['folder', 'dir'],
          ['file', 'text.txt'],
        ],
        'items',
      );
      assertEqual(reopened[0]?.handle?.name, 'dir', 'handle, to be remembered for another transfer');
      assertEqual(reopened[1]?.files[0]?.file?.lastModified, 1_234, 'time of the text');
    },
  },
  {
    name: 'opens a text without anything else',
    async run(open) {
      const { sources, again } = await open();
      await sources.remember(A, { handles: [], texts: [{ path: 'text.txt', text: 'x', lastModifiedEpochMs: 0 }] });
      assertEqual(await contents(await again().reopen(A, false)), [['text.txt', 'x']], 'reopened');
    },
  },
  {
    name: 'gives the state of now, and leaves out what is gone',
    async run(open) {
      const { sources, folder } = await open();
      const first = await folder('first', { a: '1', b: '2' });
      const second = await folder('second', { c: '3' });
      await sources.remember(A, { handles: [first.handle, second.handle], texts: [] });
      await first.become({ a: 'changed' });
      assertEqual(
        await contents(await sources.reopen(A, false)),
        [
          ['first/a', 'changed'],
          ['second/c', '3'],
        ],
        'after a change',
      );
      await first.become(undefined);
      assertEqual(await contents(await sources.reopen(A, false)), [['second/c', '3']], 'after a folder is gone');
    },
  },
  {
    name: 'keeps what was remembered last, and nothing for others',
    async run(open) {
      const { sources, folder } = await open();
      const first = await folder('first', { a: '1' });
      const second = await folder('second', { b: '2' });
      await sources.remember(A, { handles: [first.handle], texts: [] });
      await sources.remember(A, { handles: [second.handle], texts: [] });
      assertEqual(await contents(await sources.reopen(A, false)), [['second/b', '2']], 'reopened');
      assertEqual(await sources.reopen(NEAR_A, true), 'none', 'of another transfer');
    },
  },
  {
    name: 'forgets one transfer, and does not mind when there is nothing to forget',
    async run(open) {
      const { sources, again, folder } = await open();
      const { handle } = await folder('dir', { a: '1' });
      await sources.remember(A, { handles: [handle], texts: [] });
      await sources.remember(NEAR_A, { handles: [handle], texts: [] });
      await sources.forget(A);
      await sources.forget(A);
      assertEqual(await again().reopen(A, true), 'none', 'forgotten');
      assertEqual(await contents(await again().reopen(NEAR_A, false)), [['dir/a', '1']], 'of the other');
    },
  },
  {
    name: 'counts while it reads hundreds of files, and stops when told to',
    async run(open) {
      const { sources, folder } = await open();
      const tree = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`${index % 7}/${index}`, '']));
      const { handle } = await folder('dir', tree);
      await sources.remember(A, { handles: [handle], texts: [] });
      const counts: number[] = [];
      const reopened = await sources.reopen(A, false, { onFound: (count) => counts.push(count) });
      assertEqual((await contents(reopened)).length, 200, 'files');
      assertEqual(counts.at(-1), 200, 'last count');
      assert(
        counts.every((count, index) => count >= (counts[index - 1] ?? 0)),
        'counts never go back',
      );
      const reader = new AbortController();
      const stopped = sources
        .reopen(A, false, { onFound: () => reader.abort(), signal: reader.signal })
        .then(() => 'not stopped')
        .catch((cause: unknown) => (cause === reader.signal.reason ? 'stopped' : String(cause)));
      assertEqual(await stopped, 'stopped', 'after the first count');
    },
  },
];
