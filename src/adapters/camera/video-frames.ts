/** How often to look at a video that cannot tell of its frames (Firefox before 132). */
const POLL_MS = 100;

/**
 * Resolves when the video shows a frame that was not there before. Frames that come while nobody waits are let go.
 * With the signal it resolves too, so that a wait never outlives its camera.
 */
export function nextFrame(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const cancel = onFrame(video, () => {
      signal.removeEventListener('abort', end);
      resolve();
    });
    const end = (): void => {
      cancel();
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
  });
}

/** @returns calls it off */
function onFrame(video: HTMLVideoElement, callback: () => void): () => void {
  if ('requestVideoFrameCallback' in video) {
    const handle = video.requestVideoFrameCallback(callback);
    return () => video.cancelVideoFrameCallback(handle);
  }
  return poll(video, callback);
}

function poll(video: HTMLMediaElement, callback: () => void): () => void {
  const shownS = video.currentTime;
  const timer = setInterval(() => {
    if (video.currentTime === shownS || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
  return () => clearInterval(timer);
}
