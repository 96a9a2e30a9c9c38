/**
 * How long an object URL outlives its click. Chromium looks it up at once, Firefox and Safari later, and Safari asks the
 * person first; FileSaver.js waits 40 s. The Blobs are on disk, so waiting costs no memory.
 */
const REVOKE_AFTER_MS = 60_000;

/** Browsers drop downloads that start in the same moment (Chromium all beyond the tenth): one at a time, a little apart. */
const GAP_MS = 250;

let lastSave: Promise<void> = Promise.resolve();

/**
 * Saves through an object URL and a link with `download`: the browser copies the Blob itself, with no copy in memory.
 * Resolves when the download has been asked for; whether the person keeps it, the browser does not tell.
 * The name has to be sanitised already. For windows; call from a click, or browsers may ask or refuse.
 */
export async function downloadFile(blob: Blob, name: string): Promise<void> {
  const turn = lastSave;
  lastSave = turn.then(gap);
  await turn;
  startDownload(blob, name);
}

function gap(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, GAP_MS);
  });
}

function startDownload(blob: Blob, name: string): void {
  // A type that nothing displays: Safari would open a text or a picture instead of saving it.
  const url = URL.createObjectURL(blob.slice(0, blob.size, 'application/octet-stream'));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.rel = 'noopener';
  link.hidden = true;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), REVOKE_AFTER_MS);
}
