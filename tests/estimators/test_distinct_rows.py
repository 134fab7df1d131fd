"""Rows of codes numbered by sorting numbers: the same as torch's own sort of rows."""

import pytest
import torch

from spacelib.estimators._codes import distinct_rows


@pytest.mark.oracle
@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("reach", [2, 5, 10**12])
def test_rows_are_those_of_torch(columns, reach):
    rows = torch.randint(-reach, reach, (300, columns), generator=torch.Generator().manual_seed(0))
    expected = torch.unique(rows, dim=0, return_inverse=True)
    assert all(map(torch.equal, distinct_rows(rows), expected))
