/** The format's numbers for types and encodings. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */

/** Physical types; text is a byte array that the schema calls UTF-8. */
export const types = { BOOLEAN: 0, INT32: 1, INT64: 2, DOUBLE: 5, STRING: 6 } as const
export type ColumnType = keyof typeof types

export const encodings = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const
