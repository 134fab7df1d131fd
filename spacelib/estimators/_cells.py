"""Cells (z, x, y) of a table and their marginals: what an information is a function of."""

import torch
from torch import Tensor

from spacelib.estimators._codes import distinct_rows


class Cells:
    """A fixed list of cells (z, x, y); counts of them are (..., cells), and a cell without a count is no cell of the data."""

    def __init__(self, z: Tensor, x: Tensor, y: Tensor):
        """z, x, y: codes (cells,) of the cells, all different."""
        pairs_x, zx = distinct_rows(torch.stack([z, x], 1))
        pairs_y, zy = distinct_rows(torch.stack([z, y], 1))
        self._groups = {"zx": (zx, len(pairs_x)), "zy": (zy, len(pairs_y)), "z": (z, int(z.max()) + 1)}
        self._z_of = {"zx": pairs_x[:, 0], "zy": pairs_y[:, 0]}

    @classmethod
    def of_samples(cls, x: Tensor, y: Tensor, z: Tensor) -> tuple["Cells", Tensor, int]:
        """The cells that occur, the cell of each sample (samples,), and their number."""
        found, of_sample = distinct_rows(torch.stack([z, x, y], 1))
        return cls(*found.unbind(1)), of_sample, len(found)

    @classmethod
    def of_table(cls, z: int, x: int, y: int, device: torch.device) -> "Cells":
        """All cells of a table (z, x, y), in its order."""
        return cls(*torch.cartesian_prod(*(torch.arange(size, device=device) for size in (z, x, y))).unbind(1))

    def marginal(self, counts: Tensor, name: str) -> Tensor:
        """Counts of "zx", "zy" or "z", (..., that many)."""
        of, size = self._groups[name]
        return counts.new_zeros(*counts.shape[:-1], size).index_add_(-1, of, counts)

    def product(self, counts: Tensor) -> Tensor:
        """n_zx n_zy / n_z in each cell, (..., cells): the counts, were x and y independent given z."""
        n_zx, n_zy, n_z = (self.marginal(counts, name)[..., of] for name, (of, _) in self._groups.items())
        return n_zx * n_zy / n_z.clamp(min=torch.finfo(counts.dtype).tiny)

    def information(self, counts: Tensor) -> Tensor:
        """Plug-in information, (...); at least 0, of which rounding can fall short."""
        ratio = counts / self.product(counts).clamp(min=torch.finfo(counts.dtype).tiny)
        return (torch.special.xlogy(counts, ratio).sum(-1) / counts.sum(-1)).clamp(min=0)

    def supports(self, counts: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Numbers of occupied cells; of cells that the occupied margins make possible; K_zx + K_zy - K_z."""
        seen = {name: self.marginal(counts, name) > 0 for name in self._groups}
        x_given_z, y_given_z = (
            counts.new_zeros(*counts.shape[:-1], seen["z"].shape[-1]).index_add_(-1, self._z_of[name], seen[name].to(counts))
            for name in ("zx", "zy")
        )
        margins = seen["zx"].sum(-1) + seen["zy"].sum(-1) - seen["z"].sum(-1)
        return (counts > 0).sum(-1), (x_given_z * y_given_z).sum(-1), margins

    def correction(self, counts: Tensor) -> Tensor:
        """Miller-Madow's estimate of the plug-in's bias, (...)."""
        occupied, _, margins = self.supports(counts)
        return (occupied - margins) / (2 * counts.sum(-1))
