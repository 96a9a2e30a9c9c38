import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type StaticServer, startStaticServer } from '../../scripts/shared/static-server.ts';
import { pairByPaste } from './app-driver.ts';
import { type BrowserKind, type Pair, removeFolder } from './browsers.ts';
import { appFolder } from './build-pages.ts';
import { CrashSide, type Role } from './crash-side.ts';
import { waitUntilHealable } from './healable.ts';
import { type TestFile, makeFile, sha256OfFile, waitForDownload } from './files.ts';
import { type Life, resentBytes } from './resent-bytes.ts';
import { SeededRandom } from './seeded-random.ts';

/** Who is killed, where nobody asks for something else. */
export const BOTH_IN_TURN: CrashPlan['roles'] = ['receiver', 'sender'];

const MB = 1_000_000;
const KILLS_PER_TRANSFER = 5;
/** Of the file. What comes after it may be over before the kill; then there are fewer kills in this transfer. */
const LAST_KILL_AT = 0.85;
/** Progress is told four times a second: a kill comes so much later at most, at any moment in between. */
const LATER_MS = 250;
const TRANSFER_TIMEOUT_MS = 180_000;

/** A browser that was ended in mid-transfer, and what it cost. */
export interface Kill {
  readonly role: Role;
  readonly kind: BrowserKind;
  /** What the receiver had told of when it happened; of `sizeBytes`. */
  readonly atBytes: number;
  readonly sizeBytes: number;
  /** Payload that had to travel again because of it; see `resentBytes`. */
  readonly resentBytes: number;
}

export interface CrashPlan {
  readonly pair: Pair;
  /** 1 or more. */
  readonly kills: number;
  /** Who is killed, in turn. */
  readonly roles: readonly [Role, ...Role[]];
  readonly seed: number;
  /** Told after each transfer. */
  readonly onKill?: (kill: Kill) => void;
}

/**
 * Sends files of random size between two browsers whose profiles last, and ends one of the browsers (SIGKILL to all of
 * its processes) at random moments, several times in one transfer. Each time it is started again on its profile, the two
 * find each other (after a receiver's death by themselves, after a sender's by paste), and the transfer goes on, until both have verified it and what was saved has the digest of what
 * was sent.
 *
 * @throws Error that names the seed, for whatever does not go so
 */
export async function runCrashes(plan: CrashPlan): Promise<readonly Kill[]> {
  const folder = await mkdtemp(join(tmpdir(), 'heliograph-crash-'));
  const server = await startStaticServer({ root: appFolder });
  const run = new CrashRun(plan, server, folder);
  try {
    while (run.kills.length < plan.kills) await run.transfer();
    return run.kills;
  } catch (error) {
    const where = `${plan.pair.join(' to ')}, seed ${plan.seed}`;
    throw new Error(`${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await run.close();
    await server.stop();
    await removeFolder(folder);
  }
}

/** One line for people. */
export function formatKill({ pair }: CrashPlan, { role, kind, atBytes, sizeBytes, resentBytes: cost }: Kill): string {
  const percent = Math.round((atBytes / sizeBytes) * 100);
  const megabytes = (cost / MB).toFixed(1);
  return `${pair.join(' to ')}: killed the ${role} (${kind}) at ${percent} % of ${Math.round(sizeBytes / MB)} MB; ${megabytes} MB sent again`;
}

class CrashRun {
  readonly kills: Kill[] = [];
  readonly #plan: CrashPlan;
  readonly #random: SeededRandom;
  readonly #folder: string;
  readonly #sides: Readonly<Record<Role, CrashSide>>;
  #transferCount = 0;

  constructor(plan: CrashPlan, server: StaticServer, folder: string) {
    this.#plan = plan;
    this.#random = new SeededRandom(plan.seed);
    this.#folder = folder;
    this.#sides = {
      sender: new CrashSide('sender', plan.pair[0], server.url, folder),
      receiver: new CrashSide('receiver', plan.pair[1], server.url, folder),
    };
  }

  /** One file, from choosing it to comparing digests, with kills in between. */
  async transfer(): Promise<void> {
    const { sender, receiver } = this.#sides;
    const name = `crash ${++this.#transferCount}.bin`;
    const file = await makeFile(this.#folder, name, this.#random.between(50 * MB, 90 * MB));
    const id = await this.#begin(file);

    const lives: Life[] = [];
    const killed: Omit<Kill, 'resentBytes'>[] = [];
    for (const moment of this.#drawMoments()) {
      if (!(await this.#isReached(id, moment * file.sizeBytes))) break;
      await delay(this.#random.between(0, LATER_MS));
      const role = this.#nextRole(killed.length);
      const { heldBytes, bytesDone: atBytes } = await receiver.figures(id);
      await this.#sides[role].kill();
      killed.push({ role, kind: this.#sides[role].kind, atBytes, sizeBytes: file.sizeBytes });
      const survivor = role === 'sender' ? receiver : sender;
      const travelled = await survivor.travelledBytes();
      // A sender that comes back needs its files again, and a person: so that one is paired by hand, too.
      if (role === 'sender') await survivor.pairAfresh();
      lives.push({ travelled, held: role === 'sender' ? (await receiver.figures(id)).heldBytes : heldBytes });
      await survivor.markLife(id);
      await this.#goOn(role, file);
    }
    await receiver.app.waitForTransfer('verified', TRANSFER_TIMEOUT_MS);
    await sender.app.waitForTransfer('verified');
    lives.push({ travelled: await receiver.travelledBytes(), held: (await receiver.figures(id)).heldBytes });
    for (const [i, cost] of resentBytes(lives).entries()) {
      const kill = killed[i];
      if (kill === undefined) throw new Error(`${lives.length} lives and ${killed.length} kills`);
      this.kills.push({ ...kill, resentBytes: cost });
      this.#plan.onKill?.({ ...kill, resentBytes: cost });
    }
    await this.#save(file);
  }

  async close(): Promise<void> {
    await Promise.all([this.#sides.sender.close(), this.#sides.receiver.close()]);
  }

  /** Offers and accepts. @returns the transfer's id */
  async #begin(file: TestFile): Promise<string> {
    const { sender, receiver } = this.#sides;
    await Promise.all([sender.open(), receiver.open()]);
    await sender.app.send([file.path]);
    await receiver.app.receive();
    await pairByPaste(sender.app, receiver.app);
    await receiver.app.accept();
    await this.#areLinked();
    return (await receiver.app.waitForTransfer('running')).id;
  }

  /** Shares of the file at which somebody is killed, in their order. */
  #drawMoments(): number[] {
    const count = Math.min(KILLS_PER_TRANSFER, this.#plan.kills - this.kills.length);
    return Array.from({ length: count }, () => this.#random.fraction() * LAST_KILL_AT).toSorted((a, b) => a - b);
  }

  #nextRole(killsInTransfer: number): Role {
    const { roles } = this.#plan;
    return roles[(this.kills.length + killsInTransfer) % roles.length] ?? roles[0];
  }

  /** Waits until the receiver has so much. @returns false where the transfer has come to its end instead */
  async #isReached(id: string, bytes: number): Promise<boolean> {
    const { app } = this.#sides.receiver;
    const seen = await app.waitFor(
      `${bytes} bytes at the receiver`,
      async () => {
        if ((await app.transfers())[0]?.state === 'verified') return 'verified';
        return (await this.#sides.receiver.figures(id)).bytesDone >= bytes && 'reached';
      },
      TRANSFER_TIMEOUT_MS,
    );
    return seen === 'reached';
  }

  /** Starts what was killed, and pairs. */
  async #goOn(role: Role, file: TestFile): Promise<void> {
    const { sender, receiver } = this.#sides;
    const isChosenFirst = this.#random.chance(0.5);
    const restarted = this.#sides[role];
    await restarted.open();
    await restarted.app.waitFor('the transfer in the list', async () => (await restarted.app.transfers()).length > 0);
    if (role === 'receiver') return this.#areLinked();
    if (isChosenFirst) await sender.app.chooseFiles('file-input-again', [file.path]);
    await restarted.app.receive();
    await pairByPaste(sender.app, receiver.app);
    if (!isChosenFirst) await sender.app.chooseFiles('file-input-again', [file.path]);
    await this.#areLinked();
  }

  /** By themselves; and both know what brings them back the next time. */
  async #areLinked(): Promise<void> {
    const apps = [this.#sides.sender.app, this.#sides.receiver.app];
    await Promise.all(apps.map((app) => app.waitUntilConnected()));
    await Promise.all(apps.map((app) => waitUntilHealable(app)));
  }

  /** Saves what was received, compares it with what was sent, and makes room. */
  async #save(file: TestFile): Promise<void> {
    const { app, downloadDir } = this.#sides.receiver;
    await app.save(file.name);
    const path = await waitForDownload(downloadDir, file.name, file.sizeBytes);
    const digest = await sha256OfFile(path);
    if (digest !== file.sha256) throw new Error(`saved ${digest}, sent ${file.sha256}`);
    await app.press('Delete from this device');
    await app.waitFor('an empty list', async () => (await app.transfers()).length === 0);
    await Promise.all([rm(path), rm(file.path)]);
  }
}
