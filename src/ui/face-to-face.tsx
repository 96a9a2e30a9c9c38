import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp, useMessages } from './app-context.ts';
import { CameraControls } from './camera-controls.tsx';
import { CodeAsText } from './code-as-text.tsx';
import { ErrorText } from './error-text.tsx';
import { QrCode } from './qr-code.tsx';

/** My code and what the camera sees, as large as the screen allows: two devices read each other at once. */
export function FaceToFace(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const video = useRef<HTMLVideoElement>(null);
  const code = model.myCode.value;
  const camera = model.camera.value;
  const hasFailed = camera.state === 'failed';
  useEffect(() => {
    if (video.current !== null) commands.startCamera(video.current);
    return () => commands.stopCamera();
  }, [commands]);
  return (
    <section class="face" aria-label={words.faceToFace}>
      <div class="face-code">
        {code.state === 'shown' ? (
          <QrCode qr={code.qr} label={words.qrLabel(code.qr.version, code.sizeBytes)} />
        ) : (
          <div class="qr-box qr-placeholder" role="status" aria-label={words.makingCode} />
        )}
      </div>
      <div class="face-camera">
        <video
          ref={video}
          class={`camera-picture${hasFailed ? ' off' : ''}${camera.state === 'on' && camera.isMirrored ? ' mirrored' : ''}`}
          muted
          playsInline
          aria-label={words.cameraView}
        />
        {hasFailed && (
          <div class="notice notice-error" role="alert">
            <ErrorText error={camera.error} />
          </div>
        )}
        <div class="face-controls">
          <CameraControls />
          {hasFailed && (
            <button
              type="button"
              class="primary"
              onClick={() => {
                if (video.current !== null) commands.startCamera(video.current);
              }}
            >
              {words.scan}
            </button>
          )}
          <button type="button" class="secondary" onClick={() => commands.stopFaceToFace()}>
            {words.oneAtATime}
          </button>
        </div>
        {code.state === 'shown' && <CodeAsText code={code} />}
      </div>
    </section>
  );
}
