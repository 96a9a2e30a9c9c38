import { describe, expect, test } from 'vitest';
import { allow } from '../../../src/adapters/files/source-handles.ts';
import type { PermissionHandle } from '../../../src/adapters/files/file-system-access.ts';
import { sourceHandlesContract, type Tree } from '../../contracts/source-handles-contract.ts';
import { fakeDirectory, fakeFile } from '../../support/fake-handles.ts';
import { MemorySourceHandles } from '../../support/memory-source-handles.ts';
import { suite } from '../contract-suite.ts';

function inside(tree: Tree): readonly FileSystemHandle[] {
  const folders = new Map<string, Record<string, string>>();
  const found: FileSystemHandle[] = [];
  for (const [path, text] of Object.entries(tree)) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      found.push(fakeFile(path, text));
      continue;
    }
    const [folder, rest] = [path.slice(0, slash), path.slice(slash + 1)];
    const subtree = folders.get(folder) ?? {};
    folders.set(folder, subtree);
    if (rest !== '') subtree[rest] = text;
  }
  for (const [name, its] of folders) found.push(fakeDirectory(name, inside(its)));
  return found;
}

suite('SourceHandles: memory', sourceHandlesContract, async () => {
  const sources = new MemorySourceHandles();
  return {
    sources,
    again: () => new MemorySourceHandles(sources.kept),
    folder: async (name, tree) => {
      let now: Tree | undefined = tree;
      return {
        handle: fakeDirectory(name, () => now && inside(now)),
        become: async (next) => {
          now = next;
        },
      };
    },
  };
});

/** A handle that says what the person answers; `withOthers`: the browser gives back all others with it. */
function handles(count: number, answer: PermissionState, withOthers = false) {
  const asked: number[] = [];
  const states: PermissionState[] = Array.from({ length: count }, () => 'prompt');
  const list = states.map(
    (_state, index): PermissionHandle =>
      ({
        name: String(index),
        queryPermission: async () => states[index] ?? 'denied',
        requestPermission: async () => {
          asked.push(index);
          if (withOthers) states.fill(answer);
          else states[index] = answer;
          return answer;
        },
      }) as unknown as PermissionHandle,
  );
  return { asked, list };
}

describe('permission', () => {
  test('is not asked for without a click', async () => {
    const { asked, list } = handles(2, 'granted');
    expect(await allow(list, false)).toBe('ask');
    expect(asked).toEqual([]);
  });

  test('is asked for once where the browser gives back everything', async () => {
    const { asked, list } = handles(3, 'granted', true);
    expect(await allow(list, true)).toBe('granted');
    expect(asked).toEqual([0]);
    expect(await allow(list, false)).toBe('granted');
  });

  test('is asked for each where it does not', async () => {
    const { asked, list } = handles(3, 'granted');
    expect(await allow(list, true)).toBe('granted');
    expect(asked).toEqual([0, 1, 2]);
  });

  test('that the person refuses is refused', async () => {
    const { list } = handles(2, 'denied');
    expect(await allow(list, true)).toBe('refused');
  });

  test('that comes too late after the click is refused, and may be asked for again', async () => {
    const { list } = handles(1, 'granted');
    const [handle] = list;
    const late = Object.assign(
      { ...handle },
      { requestPermission: () => Promise.reject(new DOMException('', 'SecurityError')) },
    );
    expect(await allow([late as unknown as PermissionHandle], true)).toBe('refused');
    expect(await allow(list, true)).toBe('granted');
  });

  test('is not needed where the browser knows no such thing', async () => {
    expect(await allow([{ name: 'x' } as unknown as PermissionHandle], false)).toBe('granted');
  });
});
