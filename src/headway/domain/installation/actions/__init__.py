"""What Headway does with the installation as a whole."""

from headway.domain.installation.actions.backup import back_up
from headway.domain.installation.actions.demo import load_sample, sample_link
from headway.domain.installation.actions.rebuild import Rebuilt, rebuild_projections
from headway.domain.installation.actions.restore import restore_backup
from headway.domain.installation.actions.start import (
    first_owner_link,
    first_workspace,
    prepare_database,
)
from headway.domain.installation.actions.tick import tick

__all__ = [
    "Rebuilt",
    "back_up",
    "first_owner_link",
    "first_workspace",
    "load_sample",
    "prepare_database",
    "rebuild_projections",
    "restore_backup",
    "sample_link",
    "tick",
]
