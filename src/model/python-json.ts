/**
 * JSON as Python writes it: with bare NaN and Infinity, which the standard does not have. Configs of Mamba-2 models hold `"time_step_limit":
 * [0.0, Infinity]`. No quantity of the memory model may be either, so both are read as null.
 */

/** @throws {SyntaxError} when it is neither Python's JSON nor the standard's */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error
    return JSON.parse(withoutBareWords(text))
  }
}

/** One pass, token by token, so that no text takes long. */
function withoutBareWords(text: string): string {
  let quoted = false
  return text.replace(/"|\\[\s\S]|-?\b(?:NaN|Infinity)\b/g, (token) => {
    if (token === '"') quoted = !quoted
    return quoted || token === '"' || token[0] === '\\' ? token : 'null'
  })
}
