import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'heliograph-static-'));
  const root = join(folder, 'dist');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'not served');
  writeFileSync(join(root, 'index.html'), '<!doctype html>');
  writeFileSync(join(root, 'sw.js'), '// worker');
  writeFileSync(join(root, 'app.webmanifest'), '{}');
  writeFileSync(join(root, 'assets/reader-4f2a.wasm'), '\0asm');
  server = await startStaticServer({ root, basePath: '/some/folder/' });
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const get = (path: string, init?: RequestInit): Promise<Response> =>
  fetch(server.url + path, { redirect: 'manual', ...init });

describe('the static server', () => {
  test.each([
    ['', 'text/html; charset=utf-8', 'no-cache'],
    ['sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['app.webmanifest', 'application/manifest+json; charset=utf-8', 'no-cache'],
    ['assets/reader-4f2a.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
  ])('gives /%s its type and its lifetime', async (path, type, lifetime) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(type);
    expect(response.headers.get('cache-control')).toBe(lifetime);
  });

  test('answers an unchanged file with 304', async () => {
    const etag = (await get('sw.js')).headers.get('etag') ?? '';
    expect((await get('sw.js', { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  test('gives 404 for a missing file, with no page in its place', async () => {
    expect((await get('nothing')).status).toBe(404);
  });

  test('sends a folder without its slash to the folder', async () => {
    const response = await fetch(`${server.origin}/some/folder`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([308, '/some/folder/']);
  });

  test('serves nothing outside the base path', async () => {
    expect((await fetch(`${server.origin}/sw.js`)).status).toBe(404);
  });

  test.each(['../secret.txt', '%2e%2e/secret.txt', '..%2fsecret.txt', 'assets/../../secret.txt'])(
    'serves nothing outside the folder: %s',
    async (path) => {
      expect(await rawStatus(`/some/folder/${path}`)).toBe(404);
    },
  );

  test('refuses a broken escape and a NUL', async () => {
    expect(await rawStatus('/some/folder/%zz')).toBe(400);
    expect(await rawStatus('/some/folder/a%00')).toBe(400);
  });

  test('accepts no other method than GET and HEAD', async () => {
    expect((await get('sw.js', { method: 'POST' })).status).toBe(405);
    const head = await get('sw.js', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('rejects a taken port', async () => {
    await expect(startStaticServer({ root: folder, port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  test('can be stopped and started again on its port', async () => {
    const first = await startStaticServer({ root: folder });
    await first.stop();
    await expect(fetch(first.url)).rejects.toThrow();
    const second = await startStaticServer({ root: folder, port: first.port });
    expect((await fetch(`${second.url}secret.txt`)).status).toBe(200);
    await second.stop();
  });
});

/** `fetch` tidies a path up before it sends it; this does not. */
function rawStatus(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}
