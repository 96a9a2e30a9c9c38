import type { LaunchOptions } from './browsers.ts';

/** How both browsers are made quiet (no traffic of their own), unattended, and different from each other by option. */

export function chromiumArgs(options: LaunchOptions): string[] {
  const { mdns = true, camera, isPrivate, proxyPort, fieldTrials } = options;
  return [
    '--no-sandbox', // Containers have no user namespaces, and CI runs as root.
    '--disable-gpu',
    '--disable-dev-shm-usage', // A container's /dev/shm is 64 MiB.
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-quic',
    '--disable-breakpad',
    '--lang=en-US', // The tests know the page by its English words.
    '--accept-lang=en-US',
    '--disable-features=OptimizationHints,AutofillServerCommunication,CertificateTransparencyComponentUpdater',
    ...(mdns ? [] : ['--disable-features=WebRtcHideLocalIpsWithMdns']),
    ...(camera === undefined ? [] : ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']),
    ...(typeof camera === 'object' ? [`--use-file-for-fake-video-capture=${camera.file}`] : []),
    ...(isPrivate === true ? ['--incognito'] : []),
    ...(proxyPort === undefined
      ? []
      : [`--proxy-server=http://127.0.0.1:${proxyPort}`, '--proxy-bypass-list=<-loopback>']),
    ...(fieldTrials === undefined ? [] : [`--force-fieldtrials=${fieldTrials}`]),
    ...(options.args ?? []),
  ];
}

export function firefoxPrefs(options: LaunchOptions, downloadDir: string): Record<string, string | number | boolean> {
  const { mdns = true, camera, isPrivate, proxyPort } = options;
  if (typeof camera === 'object') throw new Error('Firefox cannot play a file as its camera');
  return {
    // Quiet. Puppeteer's own defaults cover updates, telemetry uploads, blocklists and the first-run pages.
    'app.normandy.enabled': false,
    'browser.region.network.url': '',
    'browser.region.update.enabled': false,
    'browser.safebrowsing.provider.mozilla.updateURL': '',
    'browser.safebrowsing.update.enabled': false,
    'dom.push.serverURL': '',
    'dom.ipc.processPrelaunch.enabled': false,
    'extensions.blocklist.enabled': false,
    'extensions.systemAddon.update.enabled': false,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'network.dns.disablePrefetch': true,
    'network.prefetch-next': false,
    'network.trr.mode': 5,
    'toolkit.telemetry.enabled': false,
    'toolkit.telemetry.server': '',
    'toolkit.telemetry.unified': false,
    // Unattended, and in English: the tests know the page by its words.
    'intl.accept_languages': 'en-US, en',
    'dom.events.testing.asyncClipboard': true,
    'dom.webnotifications.enabled': false,
    'permissions.default.camera': camera === undefined ? 0 : 1,
    'media.navigator.streams.fake': camera !== undefined,
    'media.navigator.permission.disabled': camera !== undefined,
    // Saving a file asks nothing and opens nothing.
    'browser.download.folderList': 2,
    'browser.download.dir': downloadDir,
    'browser.download.useDownloadDir': true,
    'browser.download.always_ask_before_handling_new_types': false,
    'browser.download.alwaysOpenPanel': false,
    'browser.download.manager.addToRecentDocs': false,
    'browser.download.open_pdf_attachments_inline': false,
    'browser.helperApps.neverAsk.saveToDisk': 'application/octet-stream,text/plain,application/pdf,application/zip',
    'pdfjs.disabled': true,
    // Options.
    'media.peerconnection.ice.obfuscate_host_addresses': mdns,
    ...(isPrivate === true ? { 'browser.privatebrowsing.autostart': true } : {}),
    ...(proxyPort === undefined
      ? {}
      : {
          'network.proxy.type': 1,
          'network.proxy.http': '127.0.0.1',
          'network.proxy.http_port': proxyPort,
          'network.proxy.ssl': '127.0.0.1',
          'network.proxy.ssl_port': proxyPort,
          'network.proxy.no_proxies_on': '',
          'network.proxy.allow_hijacking_localhost': true,
        }),
    ...options.prefs,
  };
}
