"""A whole number shared out in whole numbers: the largest remainders, with a most for each share."""

from __future__ import annotations

import numpy as np


def apportion(total: int, weights: np.ndarray, most: np.ndarray | None = None) -> np.ndarray:
    """Shares of `total` in proportion to the weights, whole numbers that add up to it exactly.

    What is left by rounding down goes to the largest remainders, the first of equal ones first. No share exceeds
    its `most`; what does not fit goes to the others in proportion. Where all weights that still have room are 0,
    every share with room weighs the same. Integers throughout: the same result on every machine.

    >>> apportion(10, np.array([1, 1, 1])).tolist(), apportion(10, np.array([8, 1, 1]), np.array([4, 9, 9])).tolist()
    ([4, 3, 3], [4, 3, 3])
    """
    weights = np.asarray(weights, dtype=np.int64)
    most = np.full(len(weights), total, dtype=np.int64) if most is None else np.asarray(most, dtype=np.int64)
    if total < 0 or (weights < 0).any() or most.clip(min=0).sum() < total:
        raise ValueError(f"cannot share out {total} among weights {weights} with at most {most}")
    shares = np.zeros(len(weights), dtype=np.int64)
    while (left := total - int(shares.sum())) > 0:
        room = most - shares
        live = np.where(room > 0, weights, 0)
        if not live.any():
            live = (room > 0).astype(np.int64)
        whole, remainder = np.divmod(left * live, int(live.sum()))
        given = np.minimum(whole, room.clip(min=0))
        shares += given
        if (given == whole).all():
            ranked = np.argsort(-remainder, kind="stable")
            lucky = [at for at in ranked if remainder[at] > 0 and shares[at] < most[at]]
            shares[lucky[: left - int(given.sum())]] += 1
    return shares
