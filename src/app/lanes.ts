import { compareBytes } from '../core/bytes.ts';
import type { DtlsRole } from '../core/pairing/role.ts';
import type { Description } from '../core/sdp/description.ts';
import { encodeTicket, minuteOf, ticketId, tryDecodeTicket, type Ticket } from '../core/ticket/ticket.ts';
import type { Frames } from '../core/wire/control-frame.ts';
import type { Clock } from '../ports/clock.ts';
import type { LaneConnection, LaneConnector } from '../ports/lane-connector.ts';
import type { EngineEvent, TransferEngine } from '../ports/transfer-engine.ts';

export interface LanesPorts {
  readonly laneConnector: LaneConnector;
  readonly engine: TransferEngine;
  readonly clock: Clock;
}

interface Lane {
  readonly linkId: number;
  readonly number: number;
  readonly connection: LaneConnection;
  /** Once gathered. */
  mine: Description | undefined;
  /** Once read. */
  theirs: Ticket | undefined;
  /** What was sent to the peer. */
  said: 'nothing' | 'open' | 'reply';
}

/**
 * The further connections of the current link. When there are to be more, and fewer, is the engine's business; here they
 * are made, as in a pairing without codes (WIRE.md §4.12): each side describes itself, and applies the other's description
 * as an answer. Whoever applies first is DTLS-passive, for the reasons of PAIRING.md §2.
 */
export class Lanes {
  readonly #ports: LanesPorts;
  /** Asked at each use: settings may change. */
  readonly #iceServers: () => readonly RTCIceServer[];
  readonly #lanes = new Map<string, Lane>();

  constructor(ports: LanesPorts, iceServers: () => readonly RTCIceServer[]) {
    this.#ports = ports;
    this.#iceServers = iceServers;
  }

  /** Connections that are there or are being made. */
  get count(): number {
    return this.#lanes.size;
  }

  asked({ type, linkId, lane }: Extract<EngineEvent, { type: 'openLane' | 'closeLane' }>): void {
    const key = keyOf(linkId, lane);
    if (type === 'closeLane') this.#close(key);
    else if (!this.#lanes.has(key)) this.#make(linkId, lane);
  }

  /** The peer has described its end of a lane. */
  heard(linkId: number, frame: Frames['lane']): void {
    const ticket = tryDecodeTicket(frame.ticket);
    // Of no use here; the peer learns that by LANE_END.
    if (ticket === undefined) return this.#failed(linkId, frame.lane);
    const lane = this.#lanes.get(keyOf(linkId, frame.lane)) ?? this.#make(linkId, frame.lane);
    if (lane === undefined) return;
    lane.theirs = ticket;
    if (lane.mine !== undefined) this.#connect(lane, lane.mine, ticket);
  }

  /** The link is gone, and its lanes with it. */
  linkClosed(linkId: number): void {
    for (const [key, lane] of this.#lanes) if (lane.linkId === linkId) this.#close(key);
  }

  #make(linkId: number, number: number): Lane | undefined {
    const { laneConnector, engine } = this.#ports;
    try {
      const connection = laneConnector.open({
        iceServers: this.#iceServers(),
        takeChannel: (data) => {
          if (!engine.attachLane({ linkId, lane: number, data })) throw new Error('the channel cannot be handed over');
        },
        onFailed: () => this.#failed(linkId, number),
      });
      const lane: Lane = { linkId, number, connection, mine: undefined, theirs: undefined, said: 'nothing' };
      this.#lanes.set(keyOf(linkId, number), lane);
      connection
        .describe()
        .then((mine) => this.#described(lane, mine))
        .catch(() => this.#failed(linkId, number));
      return lane;
    } catch {
      // One connection fewer is nothing that anybody has to hear of: the link goes on without.
      this.#failed(linkId, number);
      return undefined;
    }
  }

  #described(lane: Lane, mine: Description): void {
    if (!this.#isCurrent(lane)) return;
    lane.mine = mine;
    if (lane.theirs === undefined) this.#say(lane, mine, undefined);
    else this.#connect(lane, mine, lane.theirs);
  }

  #connect(lane: Lane, mine: Description, theirs: Ticket): void {
    const as = this.#role(lane, mine, theirs);
    if (as === undefined) return this.#failed(lane.linkId, lane.number);
    const isFirst = lane.said === 'nothing';
    lane.connection
      .apply(theirs.description, as)
      .then(() => {
        if (isFirst && this.#isCurrent(lane)) this.#say(lane, mine, theirs);
        return undefined;
      })
      .catch(() => this.#failed(lane.linkId, lane.number));
  }

  /** undefined: it answers something that this side has not said. */
  #role(lane: Lane, mine: Description, theirs: Ticket): DtlsRole | undefined {
    if (theirs.kind === 'reply')
      return lane.said === 'open' && theirs.repliesTo === ticketId(mine) ? 'active' : undefined;
    if (lane.said === 'nothing') return 'passive';
    // Both have begun it at the same moment.
    return compareBytes(mine.fingerprint, theirs.description.fingerprint) > 0 ? 'active' : 'passive';
  }

  #say(lane: Lane, description: Description, repliesTo: Ticket | undefined): void {
    const createdMinute = minuteOf(this.#ports.clock.epochMs());
    const ticket: Ticket =
      repliesTo === undefined
        ? { kind: 'open', createdMinute, description }
        : { kind: 'reply', repliesTo: ticketId(repliesTo.description), createdMinute, description };
    lane.said = ticket.kind;
    const { linkId, number } = lane;
    const frame = { name: 'lane', lane: number, ticket: encodeTicket(ticket) } as const;
    this.#ports.engine.post({ type: 'pageFrame', linkId, frame });
  }

  #isCurrent(lane: Lane): boolean {
    return this.#lanes.get(keyOf(lane.linkId, lane.number)) === lane;
  }

  #failed(linkId: number, lane: number): void {
    this.#close(keyOf(linkId, lane));
    this.#ports.engine.post({ type: 'laneFailed', linkId, lane });
  }

  #close(key: string): void {
    const lane = this.#lanes.get(key);
    this.#lanes.delete(key);
    lane?.connection.close();
  }
}

function keyOf(linkId: number, lane: number): string {
  return `${linkId}/${lane}`;
}
