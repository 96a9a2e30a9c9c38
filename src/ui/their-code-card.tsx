import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useApp, useMessages } from './app-context.ts';
import { CameraControls } from './camera-controls.tsx';
import { ErrorText } from './error-text.tsx';
import { FilePicker } from './file-picker.tsx';

/** A ticket's text is longer than this; anything typed by hand is shorter at first. */
const LOOKS_COMPLETE = 40;

/** Their code: seen by the camera, pasted, or in a picture. */
export function TheirCodeCard(): VNode {
  const { commands } = useApp();
  const words = useMessages();
  return (
    <section class="card their-code" aria-labelledby="their-code">
      <h2 id="their-code">{words.theirCode}</h2>
      <Camera />
      <PasteField />
      <FilePicker
        label={words.readPicture}
        class="secondary wide"
        testId="picture-input"
        accept="image/*"
        isMultiple={false}
        onFiles={([picture]) => {
          if (picture !== undefined) commands.readPicture(picture);
        }}
      />
    </section>
  );
}

function Camera(): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const video = useRef<HTMLVideoElement>(null);
  const camera = model.camera.value;
  const isOn = camera.state === 'on' || camera.state === 'starting';
  useEffect(() => () => commands.stopCamera(), [commands]);
  return (
    <div class="camera">
      {/* Always there: the camera needs it in the task of the click. */}
      <video
        ref={video}
        class={`camera-picture${isOn ? '' : ' off'}${camera.state === 'on' && camera.isMirrored ? ' mirrored' : ''}`}
        muted
        playsInline
        aria-label={words.cameraView}
      />
      {isOn ? (
        <>
          <p class="hint" role="status">
            {camera.state !== 'on' ? words.startingCamera : camera.isSearching ? words.cameraSearching : words.cameraOn}
          </p>
          <div class="face-controls">
            <CameraControls />
            <button type="button" class="secondary" onClick={() => commands.stopCamera()}>
              {words.stopCamera}
            </button>
          </div>
        </>
      ) : (
        <>
          {camera.state === 'failed' && (
            <div class="notice notice-error" role="alert">
              <ErrorText error={camera.error} />
            </div>
          )}
          <button
            type="button"
            class="primary wide"
            aria-describedby="face-hint scan-hint"
            onClick={() => commands.startFaceToFace()}
          >
            {words.faceToFace}
          </button>
          <p id="face-hint" class="hint">
            {words.faceToFaceHint}
          </p>
          <button
            type="button"
            class="secondary wide"
            aria-describedby="scan-hint"
            onClick={() => {
              if (video.current !== null) commands.startCamera(video.current);
            }}
          >
            {words.scan}
          </button>
          <p id="scan-hint" class="hint">
            {words.scanHint}
          </p>
        </>
      )}
    </div>
  );
}

function PasteField(): VNode {
  const { commands } = useApp();
  const words = useMessages();
  const input = useRef<HTMLInputElement>(null);
  const use = (): void => {
    const text = input.current?.value.trim() ?? '';
    if (text === '' || input.current === null) return;
    input.current.value = '';
    commands.readText(text);
  };
  return (
    <form
      class="paste"
      onSubmit={(event) => {
        event.preventDefault();
        use();
      }}
    >
      <label for="paste">{words.pasteLabel}</label>
      <div class="row">
        <input
          ref={input}
          id="paste"
          type="text"
          data-testid="paste-input"
          placeholder={words.pastePlaceholder}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => {
            // A paste is taken at once; typing is left alone until the form is sent.
            const { inputType } = event as InputEvent;
            const isPaste = inputType === 'insertFromPaste' || inputType === 'insertFromDrop';
            if (isPaste && event.currentTarget.value.trim().length >= LOOKS_COMPLETE) use();
          }}
        />
        <button type="submit" class="secondary">
          {words.readPasted}
        </button>
      </div>
    </form>
  );
}
