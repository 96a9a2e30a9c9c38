import type { PathMessages } from './path-messages.ts';

export const pathEn: PathMessages = {
  verdicts: {
    'local-network-denied': {
      title: 'Your browser keeps this page out of your local network',
      action: 'Allow “local network” for this page in the browser’s site settings, then make a new code.',
    },
    'peer-gone': {
      title: 'The other device has stopped answering',
      action: 'Its page may be closed, or its screen off. Open it there, and make new codes on both.',
    },
    'not-encrypted': {
      title: 'The devices see each other, but no encrypted connection came about',
      action:
        'A firewall or a security program may be in the way. Make new codes on both; if that does not help, try another network.',
    },
    'code-old': {
      title: 'That code is old, and nobody answers to it',
      action: 'The page that made it is probably closed. Make a new code on the other device.',
    },
    'vpn-only-here': {
      title: 'This device only shows its VPN',
      action: 'Switch the VPN off, or let it allow the local network, then make a new code.',
    },
    'vpn-only-there': {
      title: 'The other device only shows its VPN',
      action: 'Switch the VPN off there, or let it allow the local network, then make a new code there.',
    },
    'names-unknown': {
      title: 'The devices hide their addresses from each other',
      action:
        'Start the camera on one of them: its browser then tells its real address. Then make a new code there. Both have to be in the same network.',
    },
    isolated: {
      title: 'Both are in the same network, but it keeps them apart',
      action:
        'Guest and office networks do that. Open a hotspot on one device and let the other join it. Check as well that Heliograph is still open on the other device.',
    },
    'no-common-network': {
      title: 'The devices are in different networks',
      action:
        'Join the same Wi-Fi on both, or open a hotspot on one. Or choose “Also over the internet” in the settings of both.',
    },
    'reach-here': {
      title: 'This device reaches its own network only',
      action:
        'The other one is ready for the internet. Choose “Also over the internet” in the settings here, then make a new code.',
    },
    'reach-there': {
      title: 'The other device reaches its own network only',
      action:
        'Choose “Also over the internet” in its settings too, then make a new code there. Or join the same Wi-Fi.',
    },
    'servers-silent': {
      title: 'No server told this device its internet address',
      action: 'Test the servers in the settings, and check that this device is online. Then make a new code.',
    },
    'needs-relay': {
      title: 'The networks of the two devices let no direct connection through',
      action: 'Add a relay (TURN) server in the settings of one of them, then make new codes. Or join the same Wi-Fi.',
    },
    'relay-silent': {
      title: 'The relay server did not help this device',
      action: 'Its address or password may be wrong: test it in the settings. Then make a new code.',
    },
    'relay-failed': {
      title: 'Not even the relay server could connect the devices',
      action:
        'Test it in the settings. The network of one device may block it: try another, such as a phone’s hotspot.',
    },
  },
  slow: 'Still trying. This may be why:',
  ifRead: 'Has the other device read your code already? Then this may be in the way:',
  panel: 'Connection details',
  wait: 'Looking…',
  way: 'Way',
  kinds: {
    direct: 'Direct, in this network',
    nat: 'Direct, through a router',
    relayed: 'Through a relay server',
  },
  here: 'This device',
  there: 'Other device',
  candidateTypes: {
    host: 'own address',
    srflx: 'address on the internet',
    prflx: 'address seen on the way',
    relay: 'address of the relay',
  },
  hidden: 'hidden by the browser',
  roundTrip: 'Round trip',
  milliseconds: (milliseconds) => `${milliseconds} ms`,
  lessThanOne: 'less than 1 ms',
  notTold: 'not told by this browser',
  total: 'In all',
  sentAndReceived: (sent, received) => `${sent} sent, ${received} received`,
  lanes: 'Connections',
  rates: 'Now',
  curve: (seconds, highest) => `Speed in the last ${seconds} seconds, at most ${highest}`,
  sending: (speed) => `${speed} out`,
  receiving: (speed) => `${speed} in`,
  copyReport: 'Copy report',
  reportHint:
    'For somebody who helps you. Addresses are cut to their first half; names, files, codes and passwords are not in it.',
};
