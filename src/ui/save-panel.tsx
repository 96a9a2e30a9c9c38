import type { VNode } from 'preact';
import type { SavingView, TransferView } from '../app/model.ts';
import { useApp, useMessages } from './app-context.ts';
import { CheckMark } from './check-mark.tsx';
import { ByteProgress } from './transfer-progress.tsx';

/** Getting a received transfer out of the browser: the ways there are, or the one that is going on. */
export function SavePanel({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const saving = transfer.saving.value;
  return (
    <>
      {transfer.isSaved.value && (
        <p class="saved" data-testid="saved">
          <CheckMark />
          {words.savedNote}
        </p>
      )}
      {saving === undefined ? <SaveButtons transfer={transfer} /> : <Saving transfer={transfer} saving={saving} />}
    </>
  );
}

function SaveButtons({ transfer }: { readonly transfer: TransferView }): VNode {
  const { model, commands } = useApp();
  const words = useMessages();
  const { id } = transfer;
  const [first] = transfer.files.value;
  if (transfer.fileCount === 1 && first !== undefined && first.isFolder !== true) {
    return (
      <div class="actions">
        <button
          type="button"
          class="primary"
          aria-label={words.saveNamed(first.path)}
          onClick={() => commands.saveAll(id)}
        >
          {words.save}
        </button>
      </div>
    );
  }
  const { folder, share } = model.saveWays;
  return (
    <div class="actions">
      {folder && (
        <button type="button" class="primary" onClick={() => commands.saveToFolder(id)}>
          {words.saveToFolder}
        </button>
      )}
      <button type="button" class={folder ? 'secondary' : 'primary'} onClick={() => commands.saveAll(id)}>
        {share ? words.save : words.saveZip}
      </button>
    </div>
  );
}

interface SavingProps {
  readonly transfer: TransferView;
  readonly saving: SavingView;
}

function Saving({ transfer, saving }: SavingProps): VNode {
  const { commands } = useApp();
  const words = useMessages();
  const label = words.savingWays[saving.way];
  if (saving.way === 'share') return <p role="status">{label}</p>;
  return (
    <div class="saving" data-testid="saving">
      <p role="status">{label}</p>
      <ByteProgress label={label} bytesDone={saving.bytesSaved} totalBytes={transfer.totalBytes} />
      <button type="button" class="secondary" onClick={() => commands.stopSaving(transfer.id)}>
        {words.stopSaving}
      </button>
    </div>
  );
}
