import type { Picture } from '../../ports/scanner.ts';

/** A part of a picture, in its pixels, and the size to look at it in. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly sourceWidthPx: number;
  readonly sourceHeightPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** What drawing a view needs; a canvas' context in the window and an offscreen one in a worker have it. */
export type ViewContext = Pick<
  OffscreenCanvasRenderingContext2D,
  'fillStyle' | 'fillRect' | 'drawImage' | 'getImageData'
>;

/** The longer side of a camera frame that is looked at: what we ask the camera for, and 9 ms for zxing. */
const FRAME_PX = 1280;
/** Of the shorter side. A code held in the middle gets all of the camera's pixels, and jsQR less to search. */
const CENTRE_PART = 0.75;
/** A code in a photo may fill it or be a small part of it. Decoders miss what is too large as well as what is too small. */
const PHOTO_PX = [1600, 800, 3200] as const;
/** A small picture is looked at enlarged as well: a screenshot may have one pixel a module. */
const SMALL_PX = 800;

/** The views of a camera frame, to be looked at in turn, one a frame: everything, and the centre in full resolution. */
export function frameView(widthPx: number, heightPx: number, turn: number): View {
  if (turn % 2 === 0) return fit(0, 0, widthPx, heightPx, FRAME_PX);
  const side = Math.max(1, Math.round(Math.min(widthPx, heightPx) * CENTRE_PART));
  return fit(Math.floor((widthPx - side) / 2), Math.floor((heightPx - side) / 2), side, side, FRAME_PX);
}

/** The views of a photo or screenshot, the likeliest first. */
export function photoViews(widthPx: number, heightPx: number): readonly View[] {
  const views: View[] = [];
  for (const maxPx of PHOTO_PX) {
    const view = fit(0, 0, widthPx, heightPx, maxPx);
    if (!views.some((other) => other.widthPx === view.widthPx)) views.push(view);
  }
  if (Math.max(widthPx, heightPx) <= SMALL_PX) {
    const [sourceWidthPx, sourceHeightPx] = [widthPx, heightPx];
    views.push({ x: 0, y: 0, sourceWidthPx, sourceHeightPx, widthPx: 2 * widthPx, heightPx: 2 * heightPx });
  }
  return views;
}

/** Never enlarges. */
function fit(x: number, y: number, sourceWidthPx: number, sourceHeightPx: number, maxPx: number): View {
  const scale = Math.min(1, maxPx / Math.max(sourceWidthPx, sourceHeightPx));
  const widthPx = Math.max(1, Math.round(sourceWidthPx * scale));
  const heightPx = Math.max(1, Math.round(sourceHeightPx * scale));
  return { x, y, sourceWidthPx, sourceHeightPx, widthPx, heightPx };
}

/** Draws one view into a canvas that is at least as large, and reads it back. */
export function drawView(context: ViewContext, image: ImageBitmap, view: View): Picture {
  const { x, y, sourceWidthPx, sourceHeightPx, widthPx, heightPx } = view;
  // Transparent pixels read back as black, and a code may be black on nothing.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, widthPx, heightPx);
  context.drawImage(image, x, y, sourceWidthPx, sourceHeightPx, 0, 0, widthPx, heightPx);
  return { widthPx, heightPx, rgba: context.getImageData(0, 0, widthPx, heightPx).data };
}
