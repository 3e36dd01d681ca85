"""The jobs and programs of the vendor's documentation. They are not part of this project: without them their cases are skipped."""

import os
import pathlib

import pytest

from .cluster import ROOT

_NAMED = os.environ.get("ROCKETLINK_VENDOR_EXAMPLES")
_FOLDER = pathlib.Path(_NAMED or ROOT.parent / "shared" / "examples")
_MISSING = "the vendor's examples are not here: ROCKETLINK_VENDOR_EXAMPLES can name their folder"  # statements_test.cpp says so too


def examples(pattern, ways=lambda path: [()]):
    """The files as parameters of a test, once for each way. A folder that was named has to hold some."""
    found = sorted(_FOLDER.glob(pattern))
    marks = [] if found or _NAMED else [pytest.mark.skip(reason=_MISSING)]
    return [pytest.param(path, *way, id="-".join([path.stem, *way]), marks=marks)
            for path in found or [_FOLDER / pattern] for way in ways(path)]
