"""A small typed language over the columns of a report: for computed columns, filters by a rule, and highlights.

Text becomes a tree (parse), the tree gets its meaning from the viewer's own columns (check), and the meaning becomes
an SQL expression whose constants are bound (sql). No text of a person ever becomes text of a statement.
"""

from app.reports.expressions.check import canonical, in_words, understood
from app.reports.expressions.meaning import Meaning
from app.reports.expressions.tree import LONGEST, ExpressionError

__all__ = ["LONGEST", "ExpressionError", "Meaning", "canonical", "in_words", "understood"]
