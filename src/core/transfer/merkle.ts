import type { Bytes } from '../bytes.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { encodeUtf8 } from '../wire/utf8.ts';
import { Sha256, sha256 } from '../sha256.ts';

/**
 * Roots, as WIRE.md §7 defines them. The tree has the shape of RFC 9162 §2.1.1 (the left side is the largest power of
 * two below the number of leaves). Inner nodes, file roots and the transfer root are hashed under different first
 * bytes, and the file's size, which fixes the number of leaves and with it the shape, is part of its root: so no inner
 * node can be passed off as a leaf, nor one tree as another.
 */
const NODE = new Uint8Array([1]);
const FILE = new Uint8Array([2]);
const TRANSFER = new Uint8Array([3]);
const WITHDRAWN = new Uint8Array([4]);

/** The root of a tree without leaves: SHA-256 of nothing, as in RFC 9162. */
const EMPTY_ROOT = sha256();

/** Builds a tree from its leaves, first to last, and keeps only one hash per level. */
export class MerkleTree {
  /** Roots of complete subtrees, largest first; the bits of `#leaves` say which sizes. */
  readonly #subtrees: Bytes[] = [];
  #leaves = 0;

  push(leaf: Bytes): void {
    let node = leaf;
    for (let bits = this.#leaves; bits % 2 === 1; bits = Math.floor(bits / 2)) {
      node = sha256(NODE, this.#subtrees.pop() ?? EMPTY_ROOT, node);
    }
    this.#subtrees.push(node);
    this.#leaves++;
  }

  root(): Bytes {
    let root: Bytes | undefined;
    for (const subtree of this.#subtrees.toReversed())
      root = root === undefined ? subtree : sha256(NODE, subtree, root);
    return root ?? EMPTY_ROOT;
  }
}

/** Builds a transfer's root from its files' sizes and the hashes of all blocks, first to last. */
export class TransferRoot {
  readonly #files = new MerkleTree();
  #fileCount = 0;
  #blocks = new MerkleTree();

  /** The next block of the current file. The hash is kept: it must not change afterwards. */
  block(hash: Bytes): void {
    this.#blocks.push(hash);
  }

  /** The current file has no more blocks. */
  endFile(sizeBytes: number): void {
    this.#files.push(fileRoot(sizeBytes, this.#blocks.root()));
    this.#fileCount++;
    this.#blocks = new MerkleTree();
  }

  /** The current file does not travel; what `block` got of it does not count. */
  endWithdrawnFile(): void {
    this.#files.push(sha256(WITHDRAWN));
    this.#fileCount++;
    this.#blocks = new MerkleTree();
  }

  /** After the last file. @param manifestDigest binds every path, size and modification time */
  finish(manifestDigest: Bytes): Bytes {
    const writer = new ByteWriter(4);
    writer.u32(this.#fileCount);
    return sha256(TRANSFER, writer.view(), manifestDigest, this.#files.root());
  }
}

function fileRoot(sizeBytes: number, blocksRoot: Bytes): Bytes {
  const writer = new ByteWriter(8);
  writer.u53(sizeBytes);
  return sha256(FILE, writer.view(), blocksRoot);
}

/** First bytes of what resume tokens are made of: nothing else that we hash begins like this. */
const RESUME_LABEL = encodeUtf8('heliograph resume 1');

/**
 * How a receiver names a transfer to a sender without giving the id away to somebody else (WIRE.md §4.5).
 * All arguments 16 bytes; so is the token.
 */
export function resumeToken(senderNonce: Bytes, receiverNonce: Bytes, transferId: Bytes): Bytes {
  const hash = new Sha256().update(RESUME_LABEL).update(senderNonce).update(receiverNonce).update(transferId);
  return hash.digest().subarray(0, 16);
}
