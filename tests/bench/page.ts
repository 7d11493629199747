/** The page the benchmark runs in: run.mjs calls these. */
import { engines } from './engines.ts'
import { frontier } from './frontier.ts'
import { heatmap } from './heatmap.ts'
import { scale } from './scaling.ts'
import { engine } from './setup.ts'
import { sweeps } from './sweeps.ts'

Object.assign(globalThis, { bench: { sweeps, engines, heatmap, frontier }, scale, adapter: engine.gpu.name })
