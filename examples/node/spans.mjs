// Offsets in claims count Unicode code points; a JavaScript string counts UTF-16 units, of which an emoji has two.

/** Spans of claims as spans of a JavaScript string. */
export function inUnits (text, spans) {
  const at = [0]
  for (const character of text) at.push(at.at(-1) + character.length)
  return spans.map(([start, end]) => [at[start], at[end]])
}

export const slices = (text, spans) => inUnits(text, spans).map(([start, end]) => text.slice(start, end))
