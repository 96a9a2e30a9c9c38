import type { VNode } from 'preact';
import type { RateSample } from '../app/path-model.ts';
import { useMessages } from './app-context.ts';
import { formatSpeed } from './format.ts';

const WIDTH = 60;
const HEIGHT = 16;

/** The last minute, newest at the right; both directions on one scale. The numbers stand beside it. */
export function RateCurve({ samples }: { readonly samples: readonly RateSample[] }): VNode {
  const words = useMessages().path;
  const highest = Math.max(1, ...samples.flatMap(({ sendBytesPerSec: out, receiveBytesPerSec: into }) => [out, into]));
  const points = (rates: readonly number[]): string =>
    rates
      .map((rate, index) => `${WIDTH - rates.length + index + 1},${(HEIGHT * (1 - rate / highest)).toFixed(2)}`)
      .join(' ');
  return (
    <svg
      class="rate-curve"
      viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.curve(samples.length, formatSpeed(highest))}
    >
      <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      <polyline class="curve-in" points={points(samples.map(({ receiveBytesPerSec }) => receiveBytesPerSec))} />
      <polyline class="curve-out" points={points(samples.map(({ sendBytesPerSec }) => sendBytesPerSec))} />
    </svg>
  );
}
