// node --test: the spans of the vectors that all languages share.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { inUnits, slices } from './spans.mjs'

const file = process.env.CLAIMSTREAM_VECTORS ?? new URL('../../tests/data/vectors/offsets.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8'))
assert.ok(vectors.length > 0)

for (const { what, text, parts } of vectors) {
  test(what, () => {
    for (const part of parts) {
      assert.deepEqual(inUnits(text, part.spans), part.utf16)
      assert.deepEqual(slices(text, part.spans), part.slices)
    }
  })
}
