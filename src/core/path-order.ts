/**
 * Orders relative paths as a walk through the folders would, names by code units: the same on every device, whatever
 * its language, and whichever way the files were picked. What is in a folder stays together: 'a/b' before 'a.txt'.
 */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)];
    if (x === y) continue;
    // A name that ends is before one that goes on.
    if (x === SLASH) return -1;
    if (y === SLASH) return 1;
    return x - y;
  }
  return a.length - b.length;
}

const SLASH = 0x2f;
