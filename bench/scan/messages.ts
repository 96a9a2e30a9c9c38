import type { Scanner } from '../../src/ports/scanner.ts';
import type { Condition } from '../../test/support/scan-sample.ts';

export type AdapterName = Scanner['name'];

/** Codes of one version and size, and how many of them each adapter looks at: the first ones. */
export interface Cell {
  readonly condition: Condition;
  readonly qrVersion: number;
  readonly pxPerModule: number;
  readonly adapters: readonly { readonly adapter: AdapterName; readonly samples: number }[];
}

/** What one adapter made of one frame. */
export interface Look {
  readonly adapter: AdapterName;
  /** `wrong`: a text, but not the one that was painted. */
  readonly outcome: 'read' | 'missed' | 'wrong';
  readonly durationMs: number;
  /** Which sample it was, and for `wrong` what was read. */
  readonly note: string;
}

/** From the window to the worker. */
export type ScanCommand =
  /** Starts these adapters, and warms them up. */
  | { readonly type: 'open'; readonly adapters: readonly AdapterName[] }
  | { readonly type: 'measure'; readonly cell: Cell };

/** From the worker to the window: one for each command. */
export type ScanEvent =
  /** The adapters that this browser has. */
  | { readonly type: 'opened'; readonly adapters: readonly AdapterName[] }
  | { readonly type: 'measured'; readonly looks: readonly Look[] }
  | { readonly type: 'failed'; readonly message: string };
