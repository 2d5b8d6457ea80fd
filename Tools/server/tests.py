"""What a running vigie-serve must do, asked from outside.

    python tests.py --serve PATH/vigie-serve --vigie PATH/vigie [-k NAME]

Needs jsonschema and openapi-spec-validator; Tools/server/test installs them.
"""

import unittest

from audit_tests import AuditTests
from http_tests import HTTPTests, MatrixTests
from fault_tests import FaultTests
from life_tests import FrameTests, LifeTests
from socket_tests import SocketTests

__all__ = ["AuditTests", "FaultTests", "FrameTests", "HTTPTests", "LifeTests", "MatrixTests", "SocketTests"]

if __name__ == "__main__":
    # A connection that a test leaves open ends with the test.
    unittest.main(verbosity=1, warnings="ignore")
