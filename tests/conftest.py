"""What every test shares: the device, reproducible property tests, and what is skipped where a package is missing."""

import importlib.util

import pytest
import torch

# The GPU tests (tests/**/test_*_gpu.py) run with torch, numpy, scipy, pandas and pytest alone.
_NEEDED = ("hypothesis", "mpmath", "sympy", "flint", "matplotlib", "pooch", "tqdm", "pint", "inflect", "npeet_plus", "dit", "clarabel", "trimesh", "skdim", "pycolmap")
_MISSING = [name for name in _NEEDED if importlib.util.find_spec(name) is None]

torch.set_num_threads(1)  # tests run one worker a core; more threads only wait for each other

if "hypothesis" not in _MISSING:
    from hypothesis import settings

    settings.register_profile("spacelib", derandomize=True, deadline=None, max_examples=100, print_blob=False)
    settings.load_profile("spacelib")


def pytest_report_header():
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU: tests marked gpu skip"
    lines = [f"torch {torch.__version__}, {device}"]
    if _MISSING:
        lines.append(f"missing packages: {', '.join(_MISSING)}; only test_*_gpu.py is collected")
    return lines


def pytest_ignore_collect(collection_path):
    if _MISSING and collection_path.name.startswith("test_") and not collection_path.name.endswith("_gpu.py"):
        return True
    return None


@pytest.fixture
def device(request) -> torch.device:
    """The GPU in a test marked gpu (skipped where there is none), the CPU in every other."""
    if request.node.get_closest_marker("gpu") is None:
        return torch.device("cpu")
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device here")
    return torch.device("cuda")


@pytest.fixture(params=[torch.float32, torch.float64], ids=["float32", "float64"])
def dtype(request) -> torch.dtype:
    """Both precisions that the numeric rooms take."""
    return request.param
