"""From findings to an ordered plan: phases, steps, what stays for later.

Rooms: `fixes` and `phases` are data; `sequence` orders; threshold models will stand in
`thresholds/`, one model, one file.
"""

from scaleaudit.roadmap.sequence import PhasePlan, Roadmap, Step, plan

__all__ = ["PhasePlan", "Roadmap", "Step", "plan"]
