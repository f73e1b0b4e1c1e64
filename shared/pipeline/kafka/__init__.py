"""The Kafka transport: FastStream on aiokafka, with a guard for each of their traps. Nothing else knows Kafka."""
