/**
 * What quantities and steps say of themselves, by name, where the build took it out of the expressions (scripts/lazy-prose.mjs: the page).
 * Empty everywhere else.
 */
export const prose: Readonly<Record<string, string>> = {}
