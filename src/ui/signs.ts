/**
 * The 64 signs of the authentication string, by index: pictures that are hard to mistake for each other, in all fonts.
 * The list of the Matrix specification (v1.11, `m.sas.v1`, "SAS method: emoji"). Their names are words of the locale.
 */
export const SIGNS: readonly string[] = Array.from(
  '🐶🐱🦁🐎🦄🐷🐘🐰🐼🐓🐧🐢🐟🐙🦋🌷🌳🌵🍄🌏🌙☁🔥🍌🍎🍓🌽🍕🎂❤😀🤖🎩👓🔧🎅👍☂⌛⏰🎁💡📕✏📎✂🔒🔑🔨☎🏁🚂🚲✈🚀🏆⚽🎸🎺🔔⚓🎧📁📌',
);
