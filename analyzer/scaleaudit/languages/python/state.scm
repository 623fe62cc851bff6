; places that change a name: X[k] = v, X[k] += 1, del X[k], X.append(v), global X
(assignment left: (subscript value: (identifier) @changed))
(augmented_assignment left: [(identifier) @changed (subscript value: (identifier) @changed)])
(delete_statement (subscript value: (identifier) @changed))
(global_statement (identifier) @changed)
(call
  function: (attribute object: (identifier) @changed attribute: (identifier) @_change)
  (#any-of? @_change
    "append" "add" "update" "setdefault" "pop" "popitem" "clear" "extend" "insert" "remove"
    "discard" "appendleft" "popleft"))
