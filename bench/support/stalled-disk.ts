import { cp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const stalledFolder = fileURLToPath(new URL('../../dist-test/stalled', import.meta.url));

/**
 * Comes before the app's own code in the transfer worker. A write to the private file system is synchronous: on a disk
 * that does not answer it holds the worker's thread until the disk does, and what comes in from the network waits in the
 * browser. So does this one, once, without using the processor. Waiting needs shared memory, which a page whose server
 * does not isolate it gets from WebAssembly only.
 */
function stallOnce(afterBytes: number, stallMs: number): string {
  return `{
    const { prototype } = FileSystemSyncAccessHandle;
    const { write } = prototype;
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    let leftBytes = ${afterBytes};
    prototype.write = function (buffer, options) {
      const isDue = leftBytes > 0 && leftBytes <= buffer.byteLength;
      leftBytes -= buffer.byteLength;
      if (isDue) Atomics.wait(new Int32Array(memory.buffer), 0, 0, ${stallMs});
      return write.call(this, buffer, options);
    };
  }`;
}

/**
 * The built app with a disk that stalls: the one write that reaches `afterBytes` takes `stallMs` longer. Everything else
 * is what was built.
 *
 * @returns the folder to serve
 */
export async function makeStalledApp(built: string, afterBytes: number, stallMs: number): Promise<string> {
  await rm(stalledFolder, { recursive: true, force: true });
  await cp(built, stalledFolder, { recursive: true });
  const assets = join(stalledFolder, 'assets');
  const workers = (await readdir(assets)).filter((name) => /^transfer-worker-.*\.js$/.test(name));
  const [worker] = workers;
  if (worker === undefined || workers.length > 1)
    throw new Error(`transfer workers in ${assets}: ${workers.join(', ')}`);
  const path = join(assets, worker);
  await writeFile(path, `${stallOnce(afterBytes, stallMs)}\n${await readFile(path, 'utf8')}`);
  return stalledFolder;
}
