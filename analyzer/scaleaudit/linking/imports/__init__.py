"""Which file loads which: `modules` is the graph, `origins` and `reachability` are asked of it."""
