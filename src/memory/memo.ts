/** Remembers what was made for an object and a key for as long as the object lives: sweeps lower the same model thousands of times. */
export function remember<Owner extends object, Value>(): (owner: Owner, key: string, make: () => Value) => Value {
  const known = new WeakMap<Owner, Map<string, Value>>()
  return (owner, key, make) => {
    let values = known.get(owner)
    if (!values) known.set(owner, (values = new Map()))
    let value = values.get(key)
    if (value === undefined) values.set(key, (value = make()))
    return value
  }
}
