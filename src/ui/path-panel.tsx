import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { PathView, SeenCandidate } from '../app/path-model.ts';
import { useApp, useMessages } from './app-context.ts';
import { formatBytes, formatSpeed } from './format.ts';
import type { PathMessages } from './messages/path-messages.ts';
import { RateCurve } from './rate-curve.tsx';

/** How the bytes go. Statistics are asked for only while it is open. */
export function PathPanel(): VNode {
  const { model, commands } = useApp();
  const words = useMessages().path;
  const path = model.path.value;
  useEffect(() => () => commands.closePath(), [commands]);
  return (
    <details
      class="path"
      data-testid="path"
      data-kind={path?.kind ?? 'none'}
      onToggle={(event) => (event.currentTarget.open ? commands.openPath() : commands.closePath())}
    >
      <summary>{words.panel}</summary>
      {path === undefined ? <p class="hint">{words.wait}</p> : <PathFigures path={path} />}
    </details>
  );
}

function PathFigures({ path }: { readonly path: PathView }): VNode {
  const { commands } = useApp();
  const words = useMessages().path;
  const now = path.samples.at(-1);
  return (
    <div class="card">
      <dl class="path-figures">
        <Figure name={words.way}>{words.kinds[path.kind]}</Figure>
        <Figure name={words.here}>
          <End end={path.local} />
        </Figure>
        <Figure name={words.there}>
          <End end={path.remote} />
        </Figure>
        <Figure name={words.roundTrip}>{roundTripText(path.roundTripMs, words)}</Figure>
        <Figure name={words.total}>
          {words.sentAndReceived(formatBytes(path.bytesSent), formatBytes(path.bytesReceived))}
        </Figure>
        <Figure name={words.lanes}>{path.laneCount}</Figure>
        <Figure name={words.rates}>
          {now === undefined ? (
            words.wait
          ) : (
            <>
              <span class="rate-out">{words.sending(formatSpeed(now.sendBytesPerSec))}</span>
              {' · '}
              <span class="rate-in">{words.receiving(formatSpeed(now.receiveBytesPerSec))}</span>
            </>
          )}
        </Figure>
      </dl>
      <RateCurve samples={path.samples} />
      <button type="button" class="secondary" aria-describedby="report-hint" onClick={() => commands.copyPathReport()}>
        {words.copyReport}
      </button>
      <p id="report-hint" class="hint">
        {words.reportHint}
      </p>
    </div>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function End({ end }: { readonly end: SeenCandidate }): VNode {
  const words = useMessages().path;
  const { address, port, protocol, type } = end;
  const shown = address?.includes(':') === true ? `[${address}]` : address;
  return (
    <>
      {shown === undefined ? words.hidden : <code>{port === undefined ? shown : `${shown}:${port}`}</code>}{' '}
      <span class="hint">
        ({words.candidateTypes[type]}, {protocol.toUpperCase()})
      </span>
    </>
  );
}

/** Firefox rounds to whole milliseconds: 0 is less than one. */
function roundTripText(roundTripMs: number | undefined, words: PathMessages): string {
  if (roundTripMs === undefined) return words.notTold;
  return roundTripMs < 1 ? words.lessThanOne : words.milliseconds(roundTripMs.toFixed(0));
}
