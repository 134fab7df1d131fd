"""The tradeoff's numbers on the GPU are those of the CPU, up to the roundings of another library's functions."""

import numpy as np
import pytest
import torch
from tradeoff_calls import CALLS, values

from spacelib.bounds import tradeoff as room

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_same_on_the_device(name, device):
    function, arguments = getattr(room, name), CALLS[name]
    for dtype in (torch.float64, torch.float32):
        there = [x if isinstance(x, int) else torch.as_tensor(x).to(device, dtype) for x in arguments]
        here = [x if isinstance(x, int) else torch.as_tensor(x).to(dtype) for x in arguments]
        for value, reference in zip(values(function(*there)), values(function(*here)), strict=True):
            assert value.device.type == device.type and value.dtype == dtype
            assert np.allclose(value.cpu(), reference, rtol=64 * torch.finfo(dtype).eps, atol=0)
