// How to reach the broker, from the environment: in plain text on your own machine, with TLS and a password elsewhere.
import { readFileSync } from 'node:fs'
import zlib from 'node:zlib'
import { compressionsAlgorithms } from '@platformatic/kafka'
import { decompress } from 'fzstd'

const env = process.env
const user = env.CLAIMSTREAM_KAFKA_USERNAME
const security = env.CLAIMSTREAM_KAFKA_SECURITY ?? 'PLAINTEXT' // or SASL_SSL

export const topic = name => `${env.CLAIMSTREAM_PREFIX ?? 'claimstream'}.${name}.v1`
export const group = env.CLAIMSTREAM_GROUP ?? `${user ?? 'example'}.claims`
export const source = `/example/${user ?? 'node'}` // who you are: yours alone, the same for ever

export const options = {
  clientId: 'claimstream-example',
  bootstrapBrokers: (env.CLAIMSTREAM_KAFKA_BOOTSTRAP ?? '127.0.0.1:9092').split(',')
}
if (security.endsWith('SSL')) {
  const file = env.CLAIMSTREAM_KAFKA_CA_FILE // without it, the authorities that Node trusts
  options.tls = file ? { ca: readFileSync(file) } : {}
}
if (security.startsWith('SASL')) {
  const mechanism = env.CLAIMSTREAM_KAFKA_SASL_MECHANISM ?? 'SCRAM-SHA-512'
  options.sasl = { mechanism, username: user, password: env.CLAIMSTREAM_KAFKA_PASSWORD }
}

// The topics are packed with zstd, which Node can read from 22.15 on; before, fzstd does.
if (!zlib.zstdDecompressSync) compressionsAlgorithms.zstd.decompressSync = packed => Buffer.from(decompress(packed))
