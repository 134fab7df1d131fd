"""Bundle adjustment: the cameras' poses and the points together, from pixels and a first belief."""

import warnings
from dataclasses import replace

import torch
from torch import Tensor

from spacelib.models.explicit._wide import wide
from spacelib.models.explicit.triangulation import admitted, triangulate
from spacelib.scenes import Cameras

_FEWEST = 3  # points that fix a camera's pose but for a few choices
_ROUNDINGS = 100  # of a few sums of products, whose terms are results themselves
_AT_REST = 1e-10  # of the sum of squares: what a step must gain for another to follow


def bundle_adjust(pixels: Tensor, cameras: Cameras, seen: Tensor | None = None, *, steps: int = 50) -> Cameras:
    r"""The cameras whose poses, together with points, lie nearest to the pixels; the points are `triangulate`'s there.

    .. math:: \min_{T_2, \dots, T_V, X} \sum_{k, p} \lVert u_{kp} - \pi(T_k, X_p) \rVert^2

    By the steps of Levenberg and Marquardt of pypose, from the poses as they are believed and the points triangulated
    there; points without a place are left out. Where all lies and how large it is pixels do not tell: the first pose is
    held, and so is the distance from it to the camera that is believed farthest from it.
    Shapes: pixels (V, P, 2) of one world, cameras of V frames, seen (V, P), None for all. The Jacobian is dense, 2 V P
    rows and 7 V + 3 P columns: some 100 points. Computed in float64.
    Errors: ImportError without pypose (the extra "geometry"); ValueError as `triangulate`, for a batch, steps below 1,
    cameras in one place, a camera that sees fewer than 3 points with a place, fewer equations than unknowns.
    Source: Triggs et al. (2000); PyPose, Wang et al. (2023).
    """
    function = "bundle_adjust"
    pixels, seen = admitted(function, pixels, cameras, seen)
    if pixels.ndim != 3:
        raise ValueError(f"{function}: pixels must be of one world, (frames, points, 2), got {tuple(pixels.shape)}")
    if steps < 1:
        raise ValueError(f"{function}: steps must be at least 1, got {steps}")
    dtype, cameras, pixels = cameras.pose.dtype, wide(cameras), pixels.double()
    start = triangulate(pixels, cameras, seen)
    pixels, seen, points = pixels[:, start.valid], seen[:, start.valid], start.points[start.valid]
    fewest = seen.sum(1)
    if int(fewest.min()) < _FEWEST:
        frame = int(fewest.argmin())
        given = f"frame {frame} sees {int(fewest[frame])}"
        raise ValueError(f"{function}: every camera must see {_FEWEST} points that have a place, got: {given}")
    unknowns = 6 * (cameras.frames - 1) - 1 + 3 * len(points)
    if 2 * int(seen.sum()) < unknowns:
        given = f"{2 * int(seen.sum())} of them for {unknowns} unknowns"
        raise ValueError(f"{function}: there must be as many equations as unknowns, got {given}")
    away = (cameras.centre - cameras.centre[0]).norm(dim=-1)
    far = int(away.argmax())
    if away[far] <= _ROUNDINGS * torch.finfo(dtype).eps * cameras.centre.abs().max():
        raise ValueError(f"{function}: the cameras must not all stand in one place: the scale would be free")
    pose = _adjusted(pixels, cameras, seen, points, steps)
    offset = pose[:, :3, 3] - pose[0, :3, 3]
    pose[:, :3, 3] = pose[0, :3, 3] + offset * away[far] / offset[far].norm()
    return replace(cameras, pose=pose).to(dtype)


def _adjusted(pixels: Tensor, cameras: Cameras, seen: Tensor, points: Tensor, steps: int) -> Tensor:
    """Poses (V, 4, 4) at the least sum of squares, the first held and the scale free."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pypose 0.9.5 uses a part of torch that is on its way out
        try:
            import pypose
        except ImportError as error:
            raise ImportError("bundle_adjust: pypose must be installed: it is the extra 'geometry'") from error

    class Distances(torch.nn.Module):
        """From pixels, (V, P, 2), as a function of all poses but the first, and of the points."""

        def __init__(self) -> None:
            super().__init__()
            to_camera = pypose.mat2SE3(torch.linalg.inv(cameras.pose))
            self.first = to_camera[:1]
            self.others = pypose.Parameter(to_camera[1:])
            self.points = torch.nn.Parameter(points.clone())

        def forward(self) -> Tensor:
            at = torch.cat([self.first, self.others])[:, None].Act(self.points)
            focal, middle = cameras.intrinsics[..., None, :2], cameras.intrinsics[..., None, 2:]
            return torch.where(seen[..., None], focal * at[..., :2] / at[..., 2:] + middle - pixels, 0.0)

    distances = Distances()
    optimizer = pypose.optim.LM(distances)
    before = float("inf")
    for _ in range(steps):
        now = optimizer.step(input=()).item()
        if before - now <= _AT_REST * now:
            break
        before = now
    found = distances.others.detach().tensor()
    turn = torch.nn.functional.normalize(found[:, 3:], dim=-1)
    others = pypose.SE3(torch.cat([found[:, :3], turn], -1)).Inv().matrix()
    return torch.cat([cameras.pose[:1], others])
