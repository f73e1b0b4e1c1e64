// node consume.mjs [TOPIC]: a line for each revision of a claim that is newer than what was known of it.
//
// What is known lies in memory, so the topic is read from its beginning at each start: it holds the latest revision
// of every claim. With a table of yours: mode 'committed', and `await record.commit()` after its transaction.
import { Consumer, stringDeserializers } from '@platformatic/kafka'
import { slicesOf } from './article.mjs'
import { group, options, topic } from './connection.mjs'

const known = new Map()
const isNewer = (claim, old) =>
  !old || claim.epoch > old.epoch || (claim.epoch === old.epoch && claim.revision > old.revision)

// Reads only what is committed, unless told otherwise.
const consumer = new Consumer({ ...options, groupId: group, deserializers: stringDeserializers })
const topics = [topic(process.argv[2] ?? 'claims')]
const stream = await consumer.consume({ topics, mode: 'earliest', autocommit: false })
process.once('SIGINT', () => consumer.close(true))

for await (const record of stream) {
  const claimId = record.key
  if (record.value == null) { // a tombstone: erased; forget it, and what you made of it
    known.delete(claimId)
    console.log(JSON.stringify({ claim_id: claimId, change: 'erased' }))
    continue
  }
  const claim = JSON.parse(record.value)
  const { epoch, revision, content } = claim
  if (!isNewer(claim, known.get(claimId))) continue // a repeat, or older than what is known
  known.set(claimId, { epoch, revision })
  const cause = record.headers.get('ce_cause')
  const change = cause === 'left_route' ? cause : claim.change // only on claims.<route>
  const slices = await slicesOf(claim)
  console.log(JSON.stringify({ claim_id: claimId, revision: [epoch, revision], change, text: content.text, slices }))
}
