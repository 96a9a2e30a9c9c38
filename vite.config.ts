import { preact } from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';
import { version } from './package.json';

/** Vite's development server needs inline styles and a socket; what is built keeps the policy of index.html. */
const developmentPolicy: Plugin = {
  name: 'development-policy',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
};

export default defineConfig({
  // Relative, so that dist/ works in any folder of any static host.
  base: './',
  define: { __VERSION__: JSON.stringify(version) },
  worker: { format: 'es' },
  build: {
    target: ['chrome120', 'firefox115', 'safari16.4'],
    // The policy of index.html has no `data:`.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: true,
  },
  plugins: [
    preact(),
    developmentPolicy,
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/sw',
      filename: 'service-worker.ts',
      registerType: 'prompt',
      injectRegister: false,
      includeManifestIcons: false,
      injectManifest: {
        // Everything but source maps. The plugin adds the manifest itself, and would list its icons a second time.
        globPatterns: ['**/*.{html,js,css,svg,png,wasm}'],
        // The QR decoder (WebAssembly) has 1 MB. A file above the limit fails the build.
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
      },
      manifest: {
        // No `id`: it is resolved against the origin, not the folder, so two copies on one host would be one app. Left
        // out, it is the start URL.
        name: 'Heliograph',
        short_name: 'Heliograph',
        description: 'Send files of any size straight to another device. No server, no account, no size limit.',
        start_url: './',
        scope: './',
        display: 'standalone',
        // A link opened while the app is open goes to the open window, which may be waiting for just that.
        launch_handler: { client_mode: ['focus-existing', 'auto'] },
        background_color: '#f6f4ef',
        theme_color: '#14213d',
        categories: ['utilities', 'productivity'],
        icons: [
          { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
          { src: 'icon-monochrome.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'monochrome' },
        ],
      },
    }),
  ],
});
