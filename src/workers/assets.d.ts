/** Vite: the address of a file that is copied into the build, with a hash in its name. */
declare module '*?url' {
  const url: string;
  // oxlint-disable-next-line import/no-default-export -- that is what Vite's modules have
  export default url;
}
