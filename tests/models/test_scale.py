"""The two environment variables: what they mean, and what is said of a wrong word."""

import pytest
import torch

from spacelib.models import scale as room


def test_unset_or_empty_means_the_book_on_the_cpu(monkeypatch):
    for value in (None, ""):
        for name in ("SPACELIB_SCALE", "SPACELIB_DEVICE"):
            monkeypatch.delenv(name, raising=False) if value is None else monkeypatch.setenv(name, value)
        assert room.scale() == "book" and room.device() == torch.device("cpu")


def test_words_are_read(monkeypatch):
    monkeypatch.setenv("SPACELIB_SCALE", "full")
    monkeypatch.setenv("SPACELIB_DEVICE", "cuda:1")
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert room.scale() == "full" and room.device() == torch.device("cuda:1")


@pytest.mark.parametrize("word", ["Full", "1", "book "])
def test_another_scale_is_an_error(monkeypatch, word):
    monkeypatch.setenv("SPACELIB_SCALE", word)
    with pytest.raises(ValueError, match="SPACELIB_SCALE must be one of book, full"):
        room.scale()


@pytest.mark.parametrize(
    ("word", "said"),
    [("gpu", "must be cpu"), ("meta", "must be cpu"), ("cuda:3", "sees 1 CUDA"), ("cuda:x", "must be cpu")],
)
def test_another_device_is_an_error(monkeypatch, word, said):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("SPACELIB_DEVICE", word)
    with pytest.raises(ValueError, match=said):
        room.device()
