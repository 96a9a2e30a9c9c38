import type { VNode } from 'preact';
import type { TransferView } from '../app/model.ts';
import { useMessages } from './app-context.ts';

/** So many are named; the rest is counted. */
const NAMED_FILES = 10;

/** What became of files that were not simply sent. */
export function FileOutcomes({ transfer }: { readonly transfer: TransferView }): VNode {
  const words = useMessages();
  const identicalCount = transfer.identicalCount.value;
  const sentAnew = transfer.sentAnew.value;
  const anew = new Set(sentAnew);
  // Those are withdrawn too, and named once.
  const names = transfer.withdrawn.value.names.filter((name) => !anew.has(name));
  const withdrawnCount = Math.max(names.length, transfer.withdrawn.value.count - sentAnew.length);
  return (
    <>
      {identicalCount > 0 && <p class="outcome">{words.identical(identicalCount)}</p>}
      {sentAnew.length > 0 && (
        <Named title={words.sentAnew(sentAnew.length)} names={sentAnew} count={sentAnew.length} />
      )}
      {withdrawnCount > 0 && (
        <Named title={words.withdrawn[transfer.direction](withdrawnCount)} names={names} count={withdrawnCount} />
      )}
    </>
  );
}

interface NamedProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly count: number;
}

function Named({ title, names, count }: NamedProps): VNode {
  const words = useMessages();
  const named = names.slice(0, NAMED_FILES);
  return (
    <div class="outcome">
      <p role="status">{title}</p>
      <ul>
        {named.map((name) => (
          <li key={name}>{name}</li>
        ))}
        {count > named.length && <li>{words.andMore(count - named.length)}</li>}
      </ul>
    </div>
  );
}
