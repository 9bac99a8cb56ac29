"""Projects for qualitative analysis: replies with their codings out to NVivo, ATLAS.ti, MAXQDA, and back (.qdpx).

``write(project)`` gives the bytes of a REFI-QDA 1.5 project, ``read(data, name)`` the project in one, whoever wrote
it. Nothing is hidden here: whoever calls passes only replies and groups that are allowed out. See docs/qda.md.
"""

from __future__ import annotations

from .project import Case, Coder, CodeSet, Coding, Note, Project, QdaError, Question, Reply, plain
from .reading import read
from .writing import write

__all__ = (
    "Case",
    "CodeSet",
    "Coder",
    "Coding",
    "Note",
    "Project",
    "QdaError",
    "Question",
    "Reply",
    "plain",
    "read",
    "write",
)
