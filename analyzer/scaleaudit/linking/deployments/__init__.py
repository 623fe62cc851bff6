"""What deployment files declare, made whole, before anything is joined into components.

`workloads` makes one `workload` of each declaration (with `inheritance`, `values`, `charts`,
`cluster` and `catalogues`); `source_folders` says what builds it (`build_targets`,
`workspace_runs`, `mounted_code`); `systems`, `alternatives`, `sidecars` and `tools` tell those
apart that are one thing, another system's, or no part of one.
"""
