/*
 * `npm run dev`, then /test/ui/gallery.html: every screen without a peer, a camera or a file. `?scene=NAME` shows one,
 * with the App in `window.fakeApp`; without it, the list. Not part of the build.
 */
import { render, type VNode } from 'preact';
import { mount } from '../../src/ui/mount.tsx';
import { fakeApp, type FakeApp } from './fake-app.ts';
import { isSceneName, SCENES } from './scenes.ts';

declare global {
  interface Window {
    fakeApp?: FakeApp;
  }
}

function Contents(): VNode {
  return (
    <ul>
      {Object.keys(SCENES).map((name) => (
        <li key={name}>
          <a href={`?scene=${name}`}>{name}</a>
        </li>
      ))}
    </ul>
  );
}

const root = document.getElementById('app');
if (root === null) throw new Error('gallery.html has no element #app');
const scene = new URL(location.href).searchParams.get('scene');
if (scene === null) {
  render(<Contents />, root);
} else if (isSceneName(scene)) {
  window.fakeApp = fakeApp(SCENES[scene]);
  mount(window.fakeApp, root);
} else {
  throw new Error(`no scene ${scene}; there are ${Object.keys(SCENES).join(', ')}`);
}
