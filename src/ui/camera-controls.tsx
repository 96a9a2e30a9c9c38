import type { VNode } from 'preact';
import type { CameraView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';

/** While the camera is on: another camera, the light. Nothing where there is no choice. */
export function CameraControls(): VNode | null {
  const camera = useApp().model.camera.value;
  if (camera.state !== 'on') return null;
  return (
    <>
      <CameraChoice camera={camera} />
      <Torch camera={camera} />
    </>
  );
}

type On = Extract<CameraView, { state: 'on' }>;

/** Two cameras are turned, as on a phone; of more, one is picked by its name. */
function CameraChoice({ camera: { cameras, cameraId } }: { readonly camera: On }): VNode | null {
  const { commands } = useApp();
  const words = useMessages();
  const other = cameras.find(({ id }) => id !== cameraId);
  if (other === undefined) return null;
  if (cameras.length === 2) {
    return (
      <button type="button" class="secondary" onClick={() => commands.chooseCamera(other.id)}>
        {words.turnCamera}
      </button>
    );
  }
  return (
    <label class="camera-choice">
      {words.whichCamera}
      <select value={cameraId} onChange={({ currentTarget }) => commands.chooseCamera(currentTarget.value)}>
        {cameras.map(({ id, label }, index) => (
          <option key={id} value={id}>
            {label === '' ? words.cameraNumber(index + 1) : label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Torch({ camera: { torch } }: { readonly camera: On }): VNode | null {
  const { commands } = useApp();
  const words = useMessages();
  if (torch === 'none') return null;
  const isOn = torch === 'on';
  return (
    <button type="button" class="secondary" onClick={() => commands.setTorch(!isOn)}>
      {isOn ? words.torchOff : words.torchOn}
    </button>
  );
}
