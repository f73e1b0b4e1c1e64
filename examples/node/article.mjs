// The text that a claim's spans slice. A headline's claim carries it; an article's text is asked of the API.
import { slices } from './spans.mjs'

const api = process.env.CLAIMSTREAM_API // http://127.0.0.1:8000; without it, no article's text
const token = process.env.CLAIMSTREAM_API_TOKEN

/** What the claim's content is in its article, cut out anew; null where there is no text to cut it out of. */
export async function slicesOf (claim) {
  const text = await textOf(claim)
  return text === null ? null : slices(text, claim.content.spans)
}

async function textOf ({ content, article }) {
  const where = content.in ?? 'text'
  if (where === 'title') return article.title
  if (where !== 'text' || !api) return null // or spans into something that a later release added, which nobody slices
  const address = `${api}/v1/articles/${article.id}/versions/${article.version}`
  const answer = await fetch(address, { headers: token ? { authorization: `Bearer ${token}` } : {} })
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`)
  return (await answer.json()).text
}
