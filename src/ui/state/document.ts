/**
 * What the page shows, and all of it: a scenario and the view of its map. The scenario's batch and sequence are the pinned cell. Links hold
 * the document, undo goes over its scenario; hovering, themes and open menus are no part of it.
 */

import { DEFAULT_MODEL } from '../../model/default-model.ts'
import { type ScenarioInput, tasks } from '../../scenario/schema.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { withField } from '../../sweep/plan.ts'
import type { ByteUnit } from '../../units.ts'
import { Signal } from './signal.ts'

export interface Range {
  from: number
  to: number
  scale: 'log2' | 'linear'
}

/** What the panels of the map differ in. */
export const panelFields = [
  'precision.weights',
  'precision.kvCache',
  'hardware.count',
  'hardware.gpu',
  'runtime',
  'training.checkpointing',
  'training.optimizer',
  'training.loss',
  'parallelism.zero',
] as const
export type PanelField = (typeof panelFields)[number]

/** What the lines of an overlay may differ in. */
export const overFields = ['hardware.gpu', 'model', 'precision.weights', 'precision.kvCache', 'hardware.count'] as const
export type OverField = (typeof overFields)[number]

/** Lines of an overlay: a field and its values. */
export interface Over {
  field: OverField
  /** Null: the usual ones for the scenario. */
  values: readonly AxisValue[] | null
}

/** What stands beside the controls: the map, or a view that opens in its place. */
export const viewNames = ['map', 'profile', 'gpus', 'models', 'overlay', 'compare'] as const
export type ViewName = (typeof viewNames)[number]

export interface View {
  show: ViewName
  /** Tokens across; null: wide enough for the pinned cell. */
  x: Range | null
  /** Batch sizes upwards; null likewise. */
  y: Range | null
  /** None, one, or two: columns and rows. */
  by: readonly PanelField[]
  /** What the lines of the overlay differ in; null for the usual. */
  over: Over | null
  /** The scenario that the present one is compared with; null for none. */
  against: ScenarioInput | null
  units: ByteUnit
}

export interface Document {
  input: ScenarioInput
  view: View
}

/** One field of the scenario and its new value; `undefined` is the default. */
export interface Change {
  path: string
  value: unknown
}

export const defaultView: View = { show: 'map', x: null, y: null, by: [], over: null, against: null, units: 'GiB' }
/** A scenario whose answer is worth a look: it fits, but not by much. */
export const opening: Document = { input: { model: DEFAULT_MODEL, batch: 4 }, view: defaultView }

export const page = new Signal<Document>(opening)

/** The scenarios undo and redo lead to. */
const past: ScenarioInput[] = []
const future: ScenarioInput[] = []
/** The scenario before a gesture that is not finished. */
let before: ScenarioInput | null = null
/** Counts finished changes: each is a step of the browser's history too. */
export const steps = new Signal(0)

/** The scenario with some fields changed. */
export const changed = (input: ScenarioInput, changes: readonly Change[]): ScenarioInput =>
  changes.reduce((at, { path, value }) => withField(at, path.split('.'), value) as ScenarioInput, input)

/**
 * Changes the scenario. While a control moves `last` is false: the page follows, undo remembers only where the movement began.
 */
export function edit(changes: readonly Change[], last = true): void {
  replaceInput(changed(page.value.input, changes), last)
}

const differ = (a: ScenarioInput, b: ScenarioInput) => JSON.stringify(a) !== JSON.stringify(b)

export function replaceInput(input: ScenarioInput, last = true): void {
  before ??= page.value.input
  // The end of a movement mostly says what was shown already: nothing is answered or drawn again for it.
  if (!last || differ(page.value.input, input)) page.value = { ...page.value, input }
  if (!last) return
  if (differ(before, input)) {
    past.push(before)
    if (past.length > 200) past.shift()
    future.length = 0
  }
  before = null
  steps.value++
}

/** Ends a movement that was not finished, as it stands. */
export function settle(): void {
  if (before) replaceInput(page.value.input)
}

/** Takes a movement that was not finished back; undo knows nothing of it. */
export function takeBack(): void {
  if (before) replaceInput(before)
}

export function changeView(view: Partial<View>, last = true): void {
  page.value = { ...page.value, view: { ...page.value.view, ...view } }
  if (last) steps.value++
}

export const canUndo = () => before !== null || past.length > 0
export const canRedo = () => future.length > 0
export const undo = () => step(past, future)
export const redo = () => step(future, past)

function step(from: ScenarioInput[], to: ScenarioInput[]): void {
  settle()
  const input = from.pop()
  if (input === undefined) return
  to.push(page.value.input)
  page.value = { ...page.value, input }
  steps.value++
}

/** A field of the scenario as it was given; undefined when it was not. */
export function given(path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], page.value.input)
}

export const isTraining = (input: ScenarioInput) => input.task !== undefined && tasks.indexOf(input.task) > 0
