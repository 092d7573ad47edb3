"""The interval of a share of rows: Wilson's, put right where only a few rows are the exception."""

from overtone.evaluate.statistics.groups import effective_groups
from overtone.evaluate.statistics.normal import CONFIDENCE
from overtone.evaluate.statistics.resample import Numbers
from overtone.evaluate.statistics.student import as_normal, student
from overtone.evaluate.statistics.wilson import wilson

FEW = 2, 3  # exceptions that are few: in up to FEW_ROWS rows, and in more
FEW_ROWS = 50
_ROUNDING = 1e-15


def share_interval(successes: float, n: float, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's interval; where there are one to three successes or failures, its end beside them is Poisson's.

    Brown, Cai and DasGupta (2001, section 4.1.1). Wilson's own falls short where nearly all rows are right: at a
    share of 99 % it covers 92.1 % for 100 rows. Rows may be a fraction, as effective numbers of rows are.
    """
    low, high = wilson(successes, n, confidence)
    least, most = _of_few(successes, n, confidence), 1 - _of_few(n - successes, n, confidence)
    return min(low, least), max(high, most)


def clustered_share(
    successes: Numbers, sizes: Numbers, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Interval of a share whose rows come in groups: right rows and rows of each group.

    The rows count as many as independent rows that are as sure would (the design effect, Kish 1965, section 8.2),
    which leaving out one group at a time tells. Student's t makes up for groups that are few or of uneven size
    (Korn and Graubard 1998). Where the groups do not vary, each counts as one row.
    """
    rows, groups = sizes.sum(), effective_groups(sizes)
    share = float(successes.sum() / rows)
    several = sizes < rows
    without = (successes.sum() - successes[several]) / (rows - sizes[several])
    variance = float(((without - share) ** 2).sum() * (1 - 1 / len(sizes)))
    if variance < _ROUNDING:
        return share_interval(share * groups, groups, confidence)
    independent = share * (1 - share) / variance
    wider = as_normal(student(max(1.0, groups - 1), confidence))
    return share_interval(share * independent, independent, wider)


def _of_few(exceptions: float, n: float, confidence: float) -> float:
    """The share of which so few exceptions are the highest expected count, one-sided; 1 where they are not few."""
    from scipy.special import gammaincinv

    if not 0 < exceptions <= FEW[n > FEW_ROWS]:
        return 1.0 if exceptions else 0.0
    return float(gammaincinv(exceptions, 1 - confidence)) / n
