"""What a symbolic text means: through constants, arguments, settings files and the environment.

`resolver` walks; `constants`, `arguments`, `constructor_arguments` and `bound_classes` say what a
name stands for, `setting_values`, `settings_by_name`, `returned_arrays` and `profiles` what a key
is set to, `choices` takes every way where there are several; `unresolved` words what stays unknown.
"""

from scaleaudit.linking.resolution.resolved import HOLE, Resolved
from scaleaudit.linking.resolution.resolver import Resolver
from scaleaudit.linking.resolution.setting_values import environment

__all__ = ["HOLE", "Resolved", "Resolver", "environment"]
