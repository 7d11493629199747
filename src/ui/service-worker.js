/**
 * Keeps the page usable without a network: everything that was built is fetched once and answered from the cache from then on. Files carry
 * their content's hash in their names; a new build is a new cache, which takes over when no page of the old one is open any more.
 * scripts/service-worker.mjs puts the cache's name and the list of files in.
 */

/** @typedef {Event & { waitUntil(work: Promise<unknown>): void }} LifeEvent */
/** @typedef {Event & { request: Request, respondWith(response: Promise<Response>): void }} AskedEvent */

const cacheName = '__CACHE__'
const files = '__FILES__'.split(' ')

self.addEventListener('install', (event) => {
  // What has no hash in its name may be old in the browser's own cache.
  const fresh = files.map((file) => new Request(file, { cache: file.startsWith('assets/') ? 'default' : 'no-cache' }))
  const filled = caches.open(cacheName).then((cache) => cache.addAll(fresh))
  const { waitUntil } = /** @type {LifeEvent} */ (event)
  waitUntil.call(event, filled)
})

self.addEventListener('activate', (event) => {
  const old = caches
    .keys()
    .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
  const { waitUntil } = /** @type {LifeEvent} */ (event)
  waitUntil.call(event, old)
})

self.addEventListener('fetch', (event) => {
  const { request, respondWith } = /** @type {AskedEvent} */ (event)
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return
  // Every address of the page is the page; what follows ? and # is read by it.
  const wanted = request.mode === 'navigate' ? './' : request
  const found = caches.open(cacheName).then((cache) => cache.match(wanted, { ignoreVary: true }))
  respondWith.call(
    event,
    found.then((response) => response ?? fetch(request)),
  )
})
