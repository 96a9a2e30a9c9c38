import type { Page } from 'puppeteer-core';

/**
 * A browser that refuses further connections for a link: the data channel of a lane cannot be made. The product has no
 * switch for it; this is what a browser at the end of its resources does.
 */
export async function withoutLanes(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(`(() => {
    const original = RTCPeerConnection.prototype.createDataChannel;
    RTCPeerConnection.prototype.createDataChannel = function (label, options) {
      if (label === 'lane') throw new DOMException('refused by the test', 'OperationError');
      return original.call(this, label, options);
    };
  })()`);
}
