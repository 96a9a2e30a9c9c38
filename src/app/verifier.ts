import { signal, type ReadonlySignal } from '@preact/signals';
import { NONCE_BYTES, Verification } from '../core/pairing/verification.ts';
import type { TransferError } from '../core/errors.ts';
import type { VerificationFrame } from '../core/wire/control-frame.ts';
import type { Random } from '../ports/crypto.ts';
import type { StoredTrust } from '../ports/peer-store.ts';
import type { TransferEngine } from '../ports/transfer-engine.ts';
import type { TrustView } from './model.ts';
import { asTransferError, type Paired } from './pairing-driver.ts';

/** Runs the verification of the current link (`core/pairing/verification.ts`), and keeps what the person said of it. */
export class Verifier {
  readonly #engine: TransferEngine;
  readonly #random: Random;
  readonly #onFailed: (error: TransferError) => void;
  readonly #view = signal<TrustView>({ state: 'none' });
  #link: { readonly linkId: number; readonly verification: Verification } | undefined;

  constructor(engine: TransferEngine, random: Random, onFailed: (error: TransferError) => void) {
    this.#engine = engine;
    this.#random = random;
    this.#onFailed = onFailed;
  }

  get view(): ReadonlySignal<TrustView> {
    return this.#view;
  }

  start({ linkId, mine, theirs, isBySight }: Omit<Paired, 'certificate'>): void {
    const verification = new Verification({ mine, theirs, isBySight, nonce: this.#random.bytes(NONCE_BYTES) });
    this.#link = { linkId, verification };
    this.#view.value = { state: 'exchanging' };
    this.#send(linkId, verification.start());
  }

  heard(linkId: number, frame: VerificationFrame): void {
    if (this.#link?.linkId !== linkId) return;
    const { verification } = this.#link;
    try {
      const answer = verification.handle(frame);
      if (answer !== undefined) this.#send(linkId, answer);
    } catch (error) {
      this.#onFailed(asTransferError(error));
      return;
    }
    const { state } = verification;
    if (state.name !== 'done') return;
    this.#view.value = state.isBySight ? { state: 'bySight' } : { state: 'compare', ...state.string };
  }

  /** The person compared, and they match. */
  confirm(): void {
    if (this.#view.value.state === 'compare') this.#view.value = { state: 'matched' };
  }

  /** The link came back: what was worked out on the one before still holds. */
  resume(trust: StoredTrust): void {
    this.#link = undefined;
    this.#view.value = trust;
  }

  /** The link is gone. */
  stop(): void {
    this.#link = undefined;
    this.#view.value = { state: 'none' };
  }

  #send(linkId: number, frame: VerificationFrame): void {
    this.#engine.post({ type: 'pageFrame', linkId, frame });
  }
}
