// node submit.mjs URL [REF]: hand in a URL. REF, an id of your own, comes back in the outcome.
import { randomUUID } from 'node:crypto'
import { Producer, stringSerializers } from '@platformatic/kafka'
import { options, source, topic } from './connection.mjs'

const [url, ref = randomUUID()] = process.argv.slice(2)
const producer = new Producer({ ...options, serializers: stringSerializers, idempotent: true })
// The same (ce_source, ce_id) is one submission, however often it is sent: a retry of yours does no harm.
const headers = { ce_specversion: '1.0', ce_type: 'claimstream.url.v1', ce_source: source, ce_id: ref }
const message = { topic: topic('urls'), value: JSON.stringify({ url, ref }), headers }
const { offsets: [{ partition, offset }] } = await producer.send({ messages: [message], acks: -1 })
await producer.close()
console.log(JSON.stringify({ ref, partition, offset: Number(offset) }))
