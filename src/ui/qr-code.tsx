import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { QrMatrix } from '../app/model.ts';

/** ISO/IEC 18004 §6.3.8: four modules of white around the code, also on a dark page. */
const QUIET_MODULES = 4;

/** Black on white, a whole number of device pixels per module, as large as its box allows. */
export function QrCode({ qr, label }: { readonly qr: QrMatrix; readonly label: string }): VNode {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);

  useEffect(() => {
    const [boxElement, canvasElement] = [box.current, canvas.current];
    if (boxElement === null || canvasElement === null) return undefined;
    const observer = new ResizeObserver(() => draw(canvasElement, qr, boxElement.clientWidth));
    observer.observe(boxElement);
    draw(canvasElement, qr, boxElement.clientWidth);
    return () => observer.disconnect();
  }, [qr]);

  return (
    <div ref={box} class="qr-box">
      <canvas ref={canvas} class="qr" role="img" aria-label={label} data-testid="qr" />
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, qr: QrMatrix, boxCssPx: number): void {
  const modules = qr.sizeModules + 2 * QUIET_MODULES;
  const modulePx = Math.max(1, Math.floor((boxCssPx * devicePixelRatio) / modules));
  const sizePx = modules * modulePx;
  canvas.width = sizePx;
  canvas.height = sizePx;
  canvas.style.width = `${sizePx / devicePixelRatio}px`;
  canvas.style.height = `${sizePx / devicePixelRatio}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, sizePx, sizePx);
  context.fillStyle = '#000';
  for (let row = 0; row < qr.sizeModules; row++) {
    for (let column = 0; column < qr.sizeModules; column++) {
      if (qr.modules[row * qr.sizeModules + column] !== 1) continue;
      context.fillRect((column + QUIET_MODULES) * modulePx, (row + QUIET_MODULES) * modulePx, modulePx, modulePx);
    }
  }
}
