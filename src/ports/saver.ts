/** Hands a received file to the person: a download through an object URL, with no copy in memory. */
export interface Saver {
  save(blob: Blob, name: string): Promise<void>;
}
