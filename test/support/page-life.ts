/** Gives the value while the page lives, and a promise that never settles after. */
export type Guard = <T>(value: T) => T | Promise<T>;

/**
 * A port as one page sees it. Once the page is gone, what it asks for is not done, and answers to it never arrive.
 * For ports all of whose methods give promises.
 */
export function guarded<T extends object>(port: T, guard: Guard): T {
  return new Proxy(port, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        await guard(undefined);
        return guard(await Reflect.apply(member, target, args));
      };
    },
  });
}
