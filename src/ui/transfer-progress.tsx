import { useComputed, type ReadonlySignal } from '@preact/signals';
import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useMessages } from './app-context.ts';
import { formatBytes, formatDuration, formatPercent, formatSpeed } from './format.ts';

export function TransferProgress({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const { bytesDone, bytesPerSec, secondsLeft, totalBytes } = transfer;
  const speed = useComputed(() => (bytesPerSec.value === undefined ? '' : formatSpeed(bytesPerSec.value)));
  const left = useComputed(() =>
    secondsLeft.value === undefined ? '' : words.timeLeft(formatDuration(secondsLeft.value)),
  );
  return (
    <ByteProgress
      label={words.transferStates.running[transfer.direction]}
      bytesDone={bytesDone}
      totalBytes={totalBytes}
      figures={[speed, left]}
    />
  );
}

interface ByteProgressProps {
  /** For who cannot see the bar. */
  readonly label: string;
  readonly bytesDone: ReadonlySignal<number>;
  readonly totalBytes: number;
  readonly figures?: readonly ReadonlySignal<string>[];
}

/** Numbers go straight into text nodes: no component renders with every step of progress. */
export function ByteProgress({ label, bytesDone, totalBytes, figures = [] }: ByteProgressProps): VNode {
  const percent = useComputed(() => formatPercent(totalBytes === 0 ? 1 : bytesDone.value / totalBytes));
  const done = useComputed(() => `${formatBytes(bytesDone.value)} / ${formatBytes(totalBytes)}`);
  return (
    <div class="progress">
      <progress max={Math.max(1, totalBytes)} value={bytesDone} aria-label={label} />
      <p class="figures">
        <span class="percent">{percent}</span>
        <span>{done}</span>
        {figures.map((figure, index) => (
          <span key={index}>{figure}</span>
        ))}
      </p>
    </div>
  );
}
