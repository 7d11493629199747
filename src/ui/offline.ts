/** Registers the service worker that keeps the page usable without a network. */
import { trustedScript } from './engine/trusted.ts'

export function startOffline(): void {
  // While developing, files change under their names.
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  // A browser that refuses (a private window, say) has the page as long as it has the network.
  navigator.serviceWorker.register(trustedScript('./service-worker.js')).catch(() => {})
}
