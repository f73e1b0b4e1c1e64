"""python confluent_submit.py URL [REF]: hand in a URL. REF, an id of your own, comes back in the outcome."""

import json
import sys
import uuid

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from connection import SOURCE, confluent_options, topic


def submit(url: str, ref: str) -> None:
    # The same (ce_source, ce_id) is one submission, however often it is sent: a retry of yours does no harm.
    headers = {"ce_specversion": "1.0", "ce_type": "claimstream.url.v1", "ce_source": SOURCE, "ce_id": ref}

    def said(error: KafkaError | None, message: Message) -> None:
        if error is not None:
            raise KafkaException(error)
        print(json.dumps({"ref": ref, "partition": message.partition(), "offset": message.offset()}))

    producer = Producer(confluent_options() | {"enable.idempotence": True})
    producer.produce(topic("urls"), json.dumps({"url": url, "ref": ref}), headers=headers, on_delivery=said)
    producer.flush()  # waits for the answer, and raises what `said` raises


submit(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else str(uuid.uuid4()))
