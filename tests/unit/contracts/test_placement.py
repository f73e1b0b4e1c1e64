from __future__ import annotations

from typing import Any

import pytest
from aiokafka.partitioner import murmur2 as reference
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.placement import murmur2, partition_for
from tests.unit.contracts.vectors import load


@pytest.mark.parametrize("vector", load("placement"), ids=lambda v: v["key"] or "empty")
def test_a_key_lies_where_kafkas_java_client_puts_it(vector: dict[str, Any]) -> None:
    key = vector["key"].encode()
    assert murmur2(key) == vector["murmur2_signed"] % 2**32
    for partitions, partition in vector["partitions"].items():
        assert partition_for(key, int(partitions)) == partition


@given(st.binary(max_size=70))
def test_the_hash_is_that_of_aiokafka_for_any_bytes(key: bytes) -> None:
    assert murmur2(key) == reference(key)
