/** Script addresses under a policy that demands trusted types: only those of the page's own origin. */

/** An address for `new Worker` and the like. @throws {TypeError} for another origin */
export function trustedScript(url: string): string {
  const absolute = new URL(url, document.baseURI)
  if (absolute.origin !== location.origin) throw new TypeError(`${absolute.origin} is not where this page is from`)
  return policy ? (policy.createScriptURL(absolute.href) as unknown as string) : absolute.href
}

interface Policies {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): unknown }
}

const policy = (globalThis as { trustedTypes?: Policies }).trustedTypes?.createPolicy('oomscape', {
  createScriptURL: (url) => url,
})
