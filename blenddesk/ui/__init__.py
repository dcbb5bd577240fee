"""What people see: the teacher's desk, the student's window, the board. Screens call use cases and build no SQL."""

from blenddesk.ui.qt_start import import_qt

import_qt()
