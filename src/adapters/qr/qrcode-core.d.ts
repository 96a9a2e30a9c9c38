/** The encoder alone: the package's entry adds renderers that the app never uses (9.8 kB gzip instead of 8.1 kB). */
declare module 'qrcode/lib/core/qrcode.js' {
  export { create } from 'qrcode';
}
