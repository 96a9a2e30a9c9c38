import { DataChannel } from '../adapters/webrtc/data-channel.ts';
import type {
  EngineCommand,
  EngineEvent,
  LaneChannel,
  LinkChannels,
  TransferEngine,
} from '../ports/transfer-engine.ts';
import type { RunnerPorts } from './transfer-runner.ts';
import { TransferRunner } from './transfer-runner.ts';

/**
 * The transfer engine in the window, for browsers that do not transfer data channels. The same runner as in the worker;
 * the store has to be one that works in a window.
 */
export class LocalTransferEngine implements TransferEngine {
  readonly #runner: TransferRunner;
  onEvent: ((event: EngineEvent) => void) | undefined;

  constructor(ports: RunnerPorts) {
    this.#runner = new TransferRunner(ports, (event) => this.onEvent?.(event));
    // Events begin once whoever made this has had its turn to set `onEvent`.
    queueMicrotask(() => void this.#runner.start());
  }

  attach(link: LinkChannels): boolean {
    this.#runner.attach(link.linkId, new DataChannel(link.control), new DataChannel(link.data));
    return true;
  }

  attachLane({ linkId, lane, data }: LaneChannel): boolean {
    this.#runner.attachLane(linkId, lane, new DataChannel(data));
    return true;
  }

  post(command: EngineCommand): void {
    this.#runner.post(command);
  }
}
