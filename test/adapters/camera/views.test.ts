import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameView, photoViews, type View } from '../../../src/adapters/camera/views.ts';

const sizePx = integer({ min: 1, max: 12_000 });

/** The part lies inside the picture, has its shape, and is at least a pixel. */
function expectSound(view: View, widthPx: number, heightPx: number): void {
  const { x, y, sourceWidthPx, sourceHeightPx } = view;
  expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
  expect(x + sourceWidthPx).toBeLessThanOrEqual(widthPx);
  expect(y + sourceHeightPx).toBeLessThanOrEqual(heightPx);
  expect(Math.min(view.widthPx, view.heightPx)).toBeGreaterThanOrEqual(1);
  const scale = Math.max(view.widthPx, view.heightPx) / Math.max(sourceWidthPx, sourceHeightPx);
  expect(Math.abs(view.widthPx - sourceWidthPx * scale)).toBeLessThanOrEqual(1);
  expect(Math.abs(view.heightPx - sourceHeightPx * scale)).toBeLessThanOrEqual(1);
}

describe('frameView', () => {
  test('shows the whole frame and its centre in turn, without enlarging', () => {
    expect(frameView(1280, 720, 0)).toEqual(whole(1280, 720));
    expect(frameView(1280, 720, 1)).toEqual({
      x: 370,
      y: 90,
      sourceWidthPx: 540,
      sourceHeightPx: 540,
      widthPx: 540,
      heightPx: 540,
    });
    expect(frameView(1280, 720, 2)).toEqual(frameView(1280, 720, 0));
  });

  test('shrinks the whole of a 4K frame, and keeps more detail of its centre', () => {
    const [everything, centre] = [frameView(3840, 2160, 0), frameView(3840, 2160, 1)];
    expect([everything.widthPx, everything.heightPx]).toEqual([1280, 720]);
    expect(centre.widthPx / centre.sourceWidthPx).toBeGreaterThan(everything.widthPx / everything.sourceWidthPx);
  });

  test('stays inside frames of any size', () => {
    assert(
      property(sizePx, sizePx, integer({ min: 0, max: 3 }), (widthPx, heightPx, turn) => {
        const view = frameView(widthPx, heightPx, turn);
        expectSound(view, widthPx, heightPx);
        expect(Math.max(view.widthPx, view.heightPx)).toBeLessThanOrEqual(1280);
      }),
    );
  });
});

describe('photoViews', () => {
  test('looks at a large photo in three sizes, at a screenshot as it is first, at a small picture enlarged too', () => {
    expect(photoViews(4000, 3000).map((view) => view.widthPx)).toEqual([1600, 800, 3200]);
    expect(photoViews(1080, 2400).map((view) => view.heightPx)).toEqual([1600, 800, 2400]);
    expect(photoViews(300, 200).map((view) => view.widthPx)).toEqual([300, 600]);
    expect(photoViews(800, 600)[0]).toEqual(whole(800, 600));
  });

  test('stays inside photos of any size, and looks at no size twice', () => {
    assert(
      property(sizePx, sizePx, (widthPx, heightPx) => {
        const views = photoViews(widthPx, heightPx);
        for (const view of views) expectSound(view, widthPx, heightPx);
        expect(new Set(views.map((view) => `${view.widthPx}x${view.heightPx}`)).size).toBe(views.length);
        expect(views.length).toBeGreaterThan(0);
      }),
    );
  });
});

function whole(widthPx: number, heightPx: number): View {
  return { x: 0, y: 0, sourceWidthPx: widthPx, sourceHeightPx: heightPx, widthPx, heightPx };
}
