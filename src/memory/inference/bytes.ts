/** Bytes of one element of each compute type. */
export const typeBytes = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 } as const
