/**
 * Unit and meaning of quantities and steps, by name, where the build took it out of the expressions (scripts/lazy-prose.mjs: the page).
 * Empty everywhere else.
 */
export const prose: Readonly<Record<string, readonly [unit: string, source: string]>> = {}
