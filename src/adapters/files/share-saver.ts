import { TransferError } from '../../core/errors.ts';
import { describeCause, errorName } from '../exceptions.ts';

/**
 * True in an installed app on iOS and iPadOS, which has the share sheet ("Save to Files", "Save Image") and no downloads
 * to speak of: a download opens a preview there that covers the app. In a tab of Safari, and on all other systems,
 * downloads are what people know.
 */
export function canShareFiles(): boolean {
  if (!('canShare' in navigator) || !('standalone' in navigator)) return false;
  // iOS alone has `navigator.standalone`; true when opened from the home screen.
  if (navigator.standalone !== true && !matchMedia('(display-mode: standalone)').matches) return false;
  return navigator.canShare({ files: [new File([''], 'a.txt', { type: 'text/plain' })] });
}

/**
 * Opens the share sheet with the files, which stay on disk: a `File` around a Blob is no copy. Call within a few seconds
 * of a click. Rejects with 'save-failed' where the system does not take these (too many, too large, no click).
 */
export async function shareFiles(
  files: readonly { readonly blob: Blob; readonly name: string }[],
): Promise<'saved' | 'stopped'> {
  try {
    // Without a type, the sheet takes any file for a document.
    await navigator.share({ files: files.map(({ blob, name }) => new File([blob], name)) });
    return 'saved';
  } catch (cause) {
    if (errorName(cause) === 'AbortError') return 'stopped';
    throw new TransferError('save-failed', 'host', `share ${files.length} files: ${describeCause(cause)}`, cause);
  }
}
