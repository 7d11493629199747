/** A value that tells whoever watches it that it changed, and the lit controller that watches. */
import type { ReactiveController, ReactiveControllerHost } from 'lit'

export class Signal<T> {
  private current: T
  private readonly watchers = new Set<() => void>()

  constructor(value: T) {
    this.current = value
  }

  get value(): T {
    return this.current
  }

  set value(next: T) {
    if (Object.is(next, this.current)) return
    this.current = next
    for (const watcher of [...this.watchers]) watcher()
  }

  /** Calls back after every change, until the returned function is called. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }
}

/** What can be watched, whatever its value. */
type Watched = Pick<Signal<unknown>, 'watch'>

/** Updates an element whenever one of the signals changes. */
export class Watching implements ReactiveController {
  private readonly host: ReactiveControllerHost
  private readonly signals: readonly Watched[]
  private stop: (() => void)[] = []

  constructor(host: ReactiveControllerHost, ...signals: Watched[]) {
    this.host = host
    this.signals = signals
    host.addController(this)
  }

  hostConnected() {
    this.stop = this.signals.map((signal) => signal.watch(() => this.host.requestUpdate()))
  }

  hostDisconnected() {
    for (const stop of this.stop) stop()
  }
}
