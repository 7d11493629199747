/** Widths and sizes of rotary position tables. */
import type { Architecture } from '../../model/architecture.ts'
import { remember } from '../memo.ts'

/** Elements of cosines and sines for every position. */
export const rotaryTable = (architecture: Architecture) =>
  (architecture.maxPositionEmbeddings ?? 2048) * rotaryWidth(architecture)

/** Elements a head rotates; 0 without rotary positions. */
export const rotaryWidth = (architecture: Architecture) =>
  widthOf(architecture, '', () => (architecture.position === 'rope' ? Math.max(0, ...headDims(architecture)) : 0))

const widthOf = remember<Architecture, number>()

const headDims = (architecture: Architecture) =>
  architecture.kinds.flatMap((kind) =>
    kind.mixers.map((mixer) =>
      mixer.kind === 'attention' ? mixer.headDim : mixer.kind === 'mla' ? mixer.qkRopeHeadDim : 0,
    ),
  )
