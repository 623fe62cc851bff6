; what other modules a module names, and how
(call
  target: (identifier) @_names
  (arguments . (_))
  (#any-of? @_names "alias" "import" "use" "require")) @names

(call
  target: (identifier) @_module
  (arguments . [(alias) (quoted_atom) (atom) (dot)])
  (#any-of? @_module "defmodule" "defprotocol")) @module
